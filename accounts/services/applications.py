"""Register an application that logs people in here, change its secret, close it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.grants import CODES
from accounts.identity.adapter import SCOPES
from accounts.identity.entry import end
from accounts.models import OidcApplication, User
from accounts.services.errors import AccountError
from establishments.perimeter import Action
from journal.services import record

LOCAL = ("127.0.0.1", "::1", "localhost")
SECRET_LENGTH = 48


class ApplicationError(AccountError):
    """The application cannot be registered or changed so."""


@transaction.atomic
def register(
    *,
    name: str,
    redirect_uris: Sequence[str],
    logout_uris: Sequence[str] = (),
    actions: Sequence[str] = (),
    roles: Sequence[str] = (),
    logout_uri: str = "",
    is_ours: bool = False,
    is_public: bool = False,
    by: User | None = None,
) -> tuple[OidcApplication, str]:
    """Register it; its secret is given once and only its digest is kept.

    ``is_ours``: people are not asked what it may know. ``is_public``: it runs on the person's own
    machine and can keep no secret; PKCE protects it, as it does the others.
    """
    if not name.strip():
        raise ApplicationError("Donnez un nom à l’application : les personnes le liront.")
    if not redirect_uris:
        raise ApplicationError("Donnez au moins une adresse de retour.")
    for address in [*redirect_uris, *logout_uris, *([logout_uri] if logout_uri else [])]:
        _check_address(address)
    _check_rule(actions, roles)
    secret = get_random_string(SECRET_LENGTH)
    kind = Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL
    client = Client(name=name.strip(), type=kind, skip_consent=is_ours)
    client.set_redirect_uris(list(redirect_uris))
    client.set_post_logout_redirect_uris(list(logout_uris))
    _save(client, secret)
    application = OidcApplication.objects.create(
        client=client, actions=list(actions), roles=list(roles), logout_uri=logout_uri
    )
    _record("account.application_registered", application, by=by)
    return application, "" if is_public else secret


def _save(client: Client, secret: str) -> None:
    """Authorization code and its renewal, nothing else, whatever the application."""
    client.set_secret(secret)
    client.response_types = Client.ResponseType.CODE
    client.grant_types = "authorization_code\nrefresh_token"
    client.set_scopes(list(SCOPES))
    client.set_default_scopes(["openid"])
    client.save()


@transaction.atomic
def renew_secret(application: OidcApplication, *, by: User | None = None) -> str:
    """Give another secret: the former one is refused from now on."""
    _check_open(application)
    if application.client.type == Client.Type.PUBLIC:
        raise ApplicationError(f"{application} est publique\u00a0: elle n’a pas de secret.")
    secret = get_random_string(SECRET_LENGTH)
    application.client.set_secret(secret)
    application.client.save(update_fields=["secret"])
    _record("account.application_secret_renewed", application, by=by)
    return secret


@transaction.atomic
def close(application: OidcApplication, *, by: User | None = None) -> int:
    """Nobody enters it any more and its tokens stop; the number of people it sends away."""
    _check_open(application)
    application.revoked_at = timezone.now()
    application.save(update_fields=["revoked_at"])
    inside = list(application.sign_ons.living().select_related("application", "user"))
    for sign_on in inside:
        end(sign_on)
    _record("account.application_closed", application, by=by)
    return len({one.user_id for one in inside})


def _check_address(address: str) -> None:
    """Whole and by TLS; without TLS on the machine itself only. Never a wildcard nor a fragment."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if not is_safe or not parts.netloc or "@" in parts.netloc:
        raise ApplicationError(f"{address}\u00a0: une adresse commence par https://.")
    if "*" in address or "#" in address or any(mark.isspace() for mark in address):
        raise ApplicationError(f"{address}\u00a0: une adresse est exacte, sans « * » ni « # ».")


def _check_rule(actions: Sequence[str], roles: Sequence[str]) -> None:
    if not actions and not roles:
        raise ApplicationError(
            "Dites qui peut entrer\u00a0: au moins une action de la matrice ou un rôle "
            "(acc.self\u00a0: tout compte)."
        )
    if unknown := [one for one in actions if one not in Action.values]:
        raise ApplicationError(f"Action inconnue\u00a0: {', '.join(unknown)}.")
    if unknown := [one for one in roles if one not in CODES]:
        raise ApplicationError(f"Rôle inconnu\u00a0: {', '.join(unknown)}.")


def _check_open(application: OidcApplication) -> None:
    if application.revoked_at:
        day = timezone.localtime(application.revoked_at)
        raise ApplicationError(f"{application} est fermée depuis le {day:%d/%m/%Y}.")


def _record(verb: str, application: OidcApplication, *, by: User | None) -> None:
    record(
        verb,
        by=by,
        target=f"{application} · {application.client_id}",
        actions=application.actions,
        roles=application.roles,
        redirect_uris=application.client.get_redirect_uris(),
    )
