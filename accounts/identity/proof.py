"""A service that checked two factors spares ours, in the session it opened and for that person."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User

SESSION_KEY = "identity_proof"


def keep_proof(request: HttpRequest, user: User, account: SocialAccount) -> None:
    """Note what the service said of how the person proved who they are."""
    told = ((account.extra_data or {}).get("id_token") or {}).get("acr")
    request.session[SESSION_KEY] = {"user": user.pk, "service": account.provider, "acr": told}


def two_factors_proved(session: SessionBase, user: User) -> bool:
    """Whether this session was opened by a service whose answer means two factors."""
    kept = session.get(SESSION_KEY)
    if not kept or kept["user"] != user.pk:
        return False
    service = settings.WAYS_IN.get(kept["service"])
    return service is not None and kept["acr"] in service["two_factor_acr"]
