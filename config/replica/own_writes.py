"""Who has just written reads the primary: what one did is on one's next page, whatever the lag.

A browser keeps a signed cookie for as long as a replica may be late; a program that shows a token
keeps none, so the cache of the limits, which nothing empties early, remembers its token. Nothing is
done without a replica.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from config.errors import MACHINES
from config.replica.lag import BELIEVED_SECONDS

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
UNKNOWN = frozenset({401, 403})  # nobody we know: nothing was written
ERRORS = 400  # from there on, a program wrote nothing: no header that anybody may make up is kept


def lasting() -> int:
    """As late as a replica that is read may be, and the time during which that is believed."""
    return int(settings.REPLICA_LAG_SECONDS + BELIEVED_SECONDS)


class OwnWriteMiddleware:
    """Remember that this browser, or this token, has just sent something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in SAFE and response.status_code not in UNKNOWN:
            remember(request, response)
        return response


def remember(request: HttpRequest, response: HttpResponse) -> None:
    if key := token_key(request):
        if response.status_code < ERRORS:
            cache.set(key, 1, lasting())
        return
    response.set_signed_cookie(
        settings.WRITTEN_COOKIE_NAME,
        "1",
        max_age=lasting(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_just_written(request: HttpRequest) -> bool:
    if key := token_key(request):
        return cache.get(key) is not None
    name = settings.WRITTEN_COOKIE_NAME
    return request.get_signed_cookie(name, default=None, max_age=lasting()) is not None


def token_key(request: HttpRequest) -> str:
    """The token is a secret: its digest alone is kept. A page for people has none."""
    shown = request.headers.get("Authorization", "") if request.path.startswith(MACHINES) else ""
    return f"written:{hashlib.sha256(shown.encode()).hexdigest()}" if shown else ""
