"""The public side of an invitation: its link, then the page where it is accepted.

The link is a secret: it is put in the session at once and the browser is sent to an address without
it, so that it stands in no history of a page, in no « Referer » and in no form.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backends import person_named
from accounts.choice import use_profile
from accounts.deciders import deciders_of
from accounts.forms import NewAccountForm
from accounts.models import Level
from accounts.services.errors import AccountError
from accounts.services.invitations import (
    LinkError,
    accept,
    ask_again,
    check_usable,
    invitation_from,
    is_for,
    may_ask_again,
    open_account,
    rights_of,
)
from establishments.access import public

SESSION_KEY = "invitation"
NO_LINK = (
    "Ouvrez le lien du courriel d’invitation : il mène à cette page, où vous pourrez l’accepter."
)


@public
@require_safe
@never_cache
@sensitive_variables("token")
def follow_link(request, token):
    """Keep the link for this browser, and go on without it in the address."""
    try:
        invitation_from(token)
    except LinkError as refusal:
        if refusal.invitation is None:  # not one of ours: no session is opened for it
            return closed(request, refusal)
    request.session[SESSION_KEY] = token
    return redirect("invitation")


@public
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request):
    """What the invitation opens, and the one thing to do now, whoever is looking."""
    try:
        invitation = invitation_from(request.session[SESSION_KEY])
        if request.method == "POST" and "renew" in request.POST:
            return renew(request, invitation)
        check_usable(invitation)
    except KeyError:
        return closed(request, LinkError(NO_LINK))
    except LinkError as refusal:
        return closed(request, refusal)
    except AccountError as refusal:
        return closed(request, LinkError(str(refusal), invitation))
    if request.method == "POST" and "leave" in request.POST:
        return leave(request)
    if not request.user.is_authenticated and person_named(invitation.email) is None:
        return open_new(request, invitation)
    if request.method == "POST" and request.user.is_authenticated:
        return accept_as(request, invitation)
    return shown(request, invitation)


def shown(request, invitation, form=None):
    context = {
        "invitation": invitation,
        "rights": rights_of(invitation),
        "form": form,
        "is_mine": request.user.is_authenticated and is_for(invitation, request.user),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "invitations/page.html", context, status=status)


def open_new(request, invitation):
    """Somebody new chooses names and password, and is logged in with everything open."""
    form = NewAccountForm(request.POST or None, invitation=invitation)
    if request.method != "POST" or not form.is_valid():
        return shown(request, invitation, form)
    password = form.cleaned_data["password1"]
    try:
        user = open_account(
            invitation,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
            password=password,
        )
    except AccountError as refusal:
        messages.error(request, str(refusal))
        return redirect("invitation")
    del request.session[SESSION_KEY]
    messages.success(
        request,
        f"Votre compte est ouvert et vous travaillez pour {invitation.entity}. "
        f"Votre identifiant est {user.username} ; votre adresse sert aussi à vous connecter.",
    )
    return perform_password_login(request, {"email": user.email}, Login(user=user))


def accept_as(request, invitation):
    """Add what was prepared to the account that is logged in, and work under it."""
    try:
        profile = accept(invitation, user=request.user)
    except AccountError as refusal:
        messages.error(request, str(refusal))
        return redirect("invitation")
    del request.session[SESSION_KEY]
    use_profile(request, profile)
    messages.success(request, f"Invitation acceptée : vous travaillez pour {profile.entity}.")
    return redirect("home")


def renew(request, invitation):
    """A new link leaves for the same address; nothing is shown that the first did not say."""
    try:
        ask_again(invitation)
    except AccountError as refusal:
        messages.error(request, str(refusal))
        return redirect("invitation")
    del request.session[SESSION_KEY]
    messages.success(
        request, f"Un nouveau lien part pour {invitation.email}. Il sera valable 72 heures."
    )
    return redirect("home")


def leave(request):
    """Log out of another person's account without losing the invitation."""
    token = request.session[SESSION_KEY]
    get_adapter().logout(request)
    request.session[SESSION_KEY] = token
    return redirect("invitation")


def closed(request, refusal):
    """Why the link opens nothing, and whom to ask."""
    invitation = refusal.invitation
    context = {"sentence": str(refusal), "invitation": invitation}
    if invitation:
        context["may_ask_again"] = may_ask_again(invitation)
        context["deciders"] = deciders_of(invitation.entity, Level(invitation.level))
    return render(request, "invitations/closed.html", context)
