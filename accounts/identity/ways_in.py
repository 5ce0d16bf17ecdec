"""Logging in through Pro Santé Connect or ProConnect: whose account it is, and what is proved.

An identity never opens an account by itself: its owner logs in once and says « link them ». An
address that the service gives proves nothing here. Each service is trusted for what its answer
says (``acr``), checked on return: what was asked could have been changed on the way.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.backends import person_named
from accounts.identity.practice import activities_of
from accounts.identity.proof import keep_proof
from accounts.models import User
from accounts.services.errors import AccountError
from journal.services import record

PENDING = "identity_to_link"  # in the session: what was proved, until the account is
LIFE = 1800  # seconds
JUST_TOLD = "identity_told_activities"  # in the session: the service has just said where one works
FAILED = (
    "La connexion par {name} n’a pas abouti. Recommencez, ou connectez-vous avec votre adresse et "
    "votre mot de passe."
)
LOG_IN_ONCE = (
    "{name} vous a reconnu, mais aucun compte n’y est encore relié. Connectez-vous une fois, ou "
    "créez votre compte\u00a0: vous pourrez ensuite les relier."
)


class WayInAdapter(DefaultSocialAccountAdapter):
    """No account is made nor found by an address: the person links their own."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if request.user.is_authenticated or not sociallogin.is_existing:
            raise ImmediateHttpResponse(keep_for_later(request, sociallogin))
        keep_proof(request, sociallogin.user, sociallogin.account)
        request.session[JUST_TOLD] = True
        sociallogin.state["next"] = after_login(sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        record("account.way_in_failed", by=None, target=provider.name, reason=why(exception, error))
        messages.error(request, FAILED.format(name=provider.name))
        raise ImmediateHttpResponse(redirect("account_login"))


def why(exception: Exception | None, error: Any) -> str:
    """Our own sentences, which are short; what a service answered may hold a secret."""
    text = str(exception or "")
    if isinstance(exception, OAuth2Error) and text and len(text) <= 60:
        return text
    return type(exception).__name__ if exception else str(error or "")


def keep_for_later(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponseRedirect:
    """Nobody's identity yet: the person proves that the account is theirs, then links it."""
    account = sociallogin.account
    request.session[PENDING] = {"login": sociallogin.serialize(), "at": time.time()}
    link = reverse("way_in_link")
    if request.user.is_authenticated:
        return redirect(link)
    messages.info(request, LOG_IN_ONCE.format(name=name_of(account.provider)))
    return redirect(f"{reverse('account_login')}?{urlencode({'next': link})}")


def after_login(sociallogin: SocialLogin) -> str | None:
    """The activities that the service knows lead to a profile; none: where one was going."""
    asked: str | None = sociallogin.state.get("next")
    if not activities_of(sociallogin.account.extra_data):
        return asked
    query = f"?{urlencode({'next': asked})}" if asked else ""
    return f"{reverse('way_in_activities')}{query}"


def name_of(provider: str) -> str:
    """How a service is called, also when it is no longer offered."""
    names = {"pro-sante-connect": "Pro Santé Connect", "proconnect": "ProConnect"}
    return names.get(provider, provider)


def pending(request: HttpRequest) -> SocialLogin | None:
    """The identity that waits to be linked in this session, for half an hour."""
    kept = request.session.get(PENDING)
    if not kept or time.time() - kept["at"] > LIFE:
        request.session.pop(PENDING, None)
        return None
    if settings.WAYS_IN.get(kept["login"]["account"]["provider"]) is None:
        return None
    return SocialLogin.deserialize(kept["login"])


def has_just_logged_in(request: HttpRequest) -> bool:
    """The proof that the account is theirs is as fresh as the identity."""
    kept = request.session.get(PENDING) or {}
    records = get_authentication_records(request, request.user)
    return any(one["at"] > kept.get("at", time.time()) - LIFE for one in records)


@transaction.atomic
def link(request: HttpRequest) -> SocialAccount:
    """Tie the identity that waits to the account in use, whose address is verified.

    The mail that tells the person of it is what writes the journal (``AccountAdapter``).
    """
    login = pending(request)
    if login is None:
        raise AccountError("Il n’y a plus d’identité à relier\u00a0: recommencez la connexion.")
    user: User = User.objects.select_for_update(of=("self",)).get(pk=request.user.pk)
    name = name_of(login.account.provider)
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise AccountError("Vérifiez d’abord votre adresse électronique.")
    told = ((login.account.extra_data or {}).get("userinfo") or {}).get("email") or ""
    owner = person_named(told) if told else None
    if owner is not None and owner != user:
        raise AccountError(
            f"L’adresse donnée par {name} est celle d’un autre compte\u00a0: rien n’a été relié."
        )
    _connect(login, request, user)
    request.session.pop(PENDING, None)
    keep_proof(request, user, login.account)
    request.session[JUST_TOLD] = True
    return login.account


def _connect(login: SocialLogin, request: HttpRequest, user: User) -> None:
    """An identity of somebody else stays theirs: allauth would move it to this account."""
    name = name_of(login.account.provider)
    refusal = AccountError(f"Cette identité {name} est déjà reliée à un autre compte.")
    same = SocialAccount.objects.filter(provider=login.account.provider, uid=login.account.uid)
    if same.exclude(user=user).exists():
        raise refusal
    try:
        with transaction.atomic():
            login.connect(request, user)
    except IntegrityError:
        raise refusal from None


@transaction.atomic
def unlink(user: User, number: str) -> str:
    """Take an identity off one's own account; the name of the service. The mail is journaled."""
    mine = SocialAccount.objects.select_for_update().filter(user=user)
    account = next((one for one in mine if str(one.pk) == number), None)
    if account is None:
        raise AccountError("Cette identité n’est plus reliée à votre compte.")
    if not user.has_usable_password():
        raise AccountError(
            "Choisissez d’abord un mot de passe, pour pouvoir encore vous connecter."
        )
    name = name_of(account.provider)
    account.delete()
    told = {"account": account, "provider": {"name": name}}
    get_adapter().send_notification_mail("socialaccount/email/account_disconnected", user, told)
    return name
