"""Pages of the other ways in: leave for the service, come back, link, choose where one works."""

from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.choice import use_profile
from accounts.identity.client import ReturnView, ServiceClient
from accounts.identity.practice import activities_of, matches
from accounts.identity.ways_in import JUST_TOLD, has_just_logged_in, link, name_of, pending, unlink
from accounts.services.errors import AccountError
from accounts.views.profiles import return_address
from establishments.access import everyone, public


@public
def leave(request, provider_id):
    """Only a form of ours sends somebody to the service: a link elsewhere cannot log them in."""
    if request.method != "POST":
        return redirect("account_login")
    return at_service(OAuth2LoginView, request, provider_id)


@public
@require_safe
def come_back(request, provider_id):
    return at_service(ReturnView, request, provider_id)


def at_service(view, request, provider_id):
    if provider_id not in settings.WAYS_IN:
        raise Http404
    try:
        return view.adapter_view(ServiceClient(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None


@public
@require_safe
def nothing_here(request):
    """Addresses that allauth names and that lead nowhere here."""
    return redirect("account_login")


@everyone
def link_identity(request):
    """Say yes, once, under an account one has just proved to be one's own."""
    login = pending(request)
    if login is None:
        messages.info(request, "Il n’y a pas d’identité à relier à votre compte.")
        return redirect("socialaccount_connections")
    if not has_just_logged_in(request):
        query = urlencode({"next": reverse("way_in_link")})
        return redirect(f"{reverse('account_reauthenticate')}?{query}")
    if request.method != "POST":
        told = login.account.extra_data.get("userinfo") or {}
        family = told.get("usual_name") or told.get("family_name") or ""
        context = {
            "service": name_of(login.account.provider),
            "person": f"{told.get('given_name') or ''} {family}".strip(),
            "email": told.get("email") or "",
        }
        return render(request, "identity/link.html", context)
    try:
        account = link(request)
    except AccountError as error:
        messages.error(request, str(error))
        return redirect("socialaccount_connections")
    messages.success(
        request, f"{name_of(account.provider)} est relié à votre compte\u00a0: il vous connectera."
    )
    wanted = (
        "way_in_activities" if activities_of(account.extra_data) else "socialaccount_connections"
    )
    return redirect(wanted)


@everyone
def links(request):
    """The identities linked to one's account; take one off."""
    if request.method == "POST":
        try:
            name = unlink(request.user, request.POST.get("account", ""))
        except AccountError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{name} n’est plus relié à votre compte.")
        return redirect("socialaccount_connections")
    accounts = SocialAccount.objects.filter(user=request.user).order_by("provider", "pk")
    held = {one.provider for one in accounts}
    context = {
        "accounts": [(one, name_of(one.provider)) for one in accounts],
        "offered": [(key, way) for key, way in settings.WAYS_IN.items() if key not in held],
    }
    return render(request, "identity/links.html", context)


@everyone
@require_safe
def activities(request):
    """Where one works as the service says it: the profile to use, or the one to ask for.

    The profile changes once, on coming from the service: a link from elsewhere only shows the page.
    """
    asked = return_address(request, request.GET.get("next"))
    accounts = SocialAccount.objects.filter(user=request.user).order_by("-last_login")
    told = [one for account in accounts for one in activities_of(account.extra_data)]
    found = matches(request.user, dict.fromkeys(told))
    usable = list({one.profile.pk: one.profile for one in found if one.is_usable}.values())
    has_just_come = request.session.pop(JUST_TOLD, False)
    if has_just_come and len(usable) == 1:
        if request.user.active_profile != usable[0]:
            use_profile(request, usable[0])
        return redirect(asked or "home")
    return render(request, "identity/activities.html", {"matches": found, "next": asked})
