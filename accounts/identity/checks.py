"""What a request of an application must be before anything else is looked at (RFC 9700).

Authorization code with PKCE S256 only; each parameter once; the address of return exactly one of
those registered. Until the address is known to be theirs, nobody is sent anywhere.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import QueryDict

from accounts.models import OidcApplication

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # what SHA-256 gives in base64url, no more no less
NOT_TAKEN = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
LONGEST = 2000  # characters, for « state » and « nonce »


class UnknownClientError(Exception):
    """Nobody to send the person back to: the page tells them, in French."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is told to the application, at its own address."""

    error: str
    description: str = ""


def application_of(query: QueryDict) -> OidcApplication:
    """The application that asks, once its address of return is known to be its own."""
    if any(len(values) > 1 for _, values in query.lists()):
        raise UnknownClientError(
            "La demande de connexion est mal formée : un paramètre est répété."
        )
    if any("\0" in value for value in query.values()):
        raise UnknownClientError(
            "La demande de connexion est mal formée : un caractère n’y a pas sa place."
        )
    found = OidcApplication.objects.select_related("client")
    application: OidcApplication | None = found.filter(
        client=query.get("client_id", ""), revoked_at__isnull=True
    ).first()
    if application is None:
        raise UnknownClientError("Cette application n’est pas enregistrée ici, ou ne l’est plus.")
    if query.get("redirect_uri", "") not in application.client.get_redirect_uris():
        raise UnknownClientError(
            "L’adresse de retour demandée n’est pas celle que cette application a enregistrée."
        )
    return application


def refusal_of(query: QueryDict) -> Refusal | None:
    """Why the application’s request cannot be taken; None when it can."""
    if refused := next((error for name, error in NOT_TAKEN.items() if name in query), None):
        return Refusal(refused)
    if query.get("response_type") != "code":
        return Refusal("unsupported_response_type", "authorization code only")
    if query.get("response_mode", "query") != "query":
        return Refusal("invalid_request", "response_mode must be query")
    if query.get("code_challenge_method") != "S256":
        return Refusal("invalid_request", "code_challenge_method must be S256")
    if not CHALLENGE.fullmatch(query.get("code_challenge", "")):
        return Refusal("invalid_request", "code_challenge is missing or not a SHA-256")
    if "openid" not in query.get("scope", "").split():
        return Refusal("invalid_scope", "scope must hold openid")
    if any(len(query.get(name, "")) > LONGEST for name in ("state", "nonce")):
        return Refusal("invalid_request", "state or nonce is too long")
    return None


def with_query(address: str, **values: str) -> str:
    """The address with more parameters, its own kept."""
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))


def origins_of(application: OidcApplication) -> list[str]:
    """Where forms of ours may lead: the origins of the addresses the application registered."""
    client = application.client
    addresses = client.get_redirect_uris() + client.get_post_logout_redirect_uris()
    return list(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in map(urlsplit, addresses)))
