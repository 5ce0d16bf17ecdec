"""One's own account: what it is made of, one's names and telephone, what happened to it."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.conditions import email_code_suffices, second_factor_is_needed
from accounts.connections import as_connection, connections_of
from accounts.forms import IdentityForm
from accounts.models import User
from accounts.services.account import change_identity
from establishments.access import everyone

RECENT = 5
PAGE = 20


@everyone
def account_home(request):
    """Everything about one's account on one page, each part with what one can do."""
    user = request.user
    factors = list(user.authenticator_set.values_list("type", flat=True))
    context = {
        "has_application": Authenticator.Type.TOTP in factors,
        "key_count": factors.count(Authenticator.Type.WEBAUTHN),
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "factor_is_needed": second_factor_is_needed(user),
        "code_by_email": email_code_suffices(user),
        "session_count": open_sessions(user).count(),
        "recent": [as_connection(entry) for entry in connections_of(user)[:RECENT]],
        "profile_count": len(user.usable_profiles),
    }
    return render(request, "accounts/home.html", context)


@everyone
def identity(request):
    """Change one's names and telephone; what was typed is checked again in the service."""
    person = User.objects.get(pk=request.user.pk)  # the form writes on its own copy
    form = IdentityForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        if change_identity(request.user, **form.cleaned_data):
            messages.success(request, "C’est enregistré. Un courriel vous le confirme.")
        else:
            messages.info(request, "Rien n’a changé.")
        return redirect("own_home")
    return render(request, "accounts/identity.html", {"form": form})


@everyone
def connections(request):
    """The history of one's own account, newest first."""
    page = Paginator(connections_of(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [as_connection(entry) for entry in page]}
    return render(request, "accounts/connections.html", context)


def open_sessions(user: User):
    """Those that still open something: neither ended nor over."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    return UserSession.objects.filter(Exists(alive), user=user)
