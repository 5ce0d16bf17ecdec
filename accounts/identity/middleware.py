"""Our forms may lead to the application being entered, or to the service that logs one in.

A browser applies « form-action » to the redirections that follow a form: logging in, choosing a
profile or agreeing on our pages ends at another site. Those origins, and no other, are added to
the policy of the pages where that can happen, while it lasts.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SESSION_KEY = "identity_origins"
PAGES = ("/comptes/", "/profils/", "/identite/")


def remember_origins(request: HttpRequest, origins: list[str]) -> None:
    request.session[SESSION_KEY] = origins
    request.form_origins = origins  # type: ignore[attr-defined]


def forget_origins(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


class FormOriginsMiddleware:
    """Hand the origins to the content policy; pages elsewhere cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PAGES) and "html" in response.get("Content-Type", ""):
            origins = getattr(request, "form_origins", None) or request.session.get(SESSION_KEY, [])
            ways_in = [one for way in settings.WAYS_IN.values() for one in way["origins"]]
            response.form_origins = [*origins, *ways_in]  # type: ignore[attr-defined]
        return response
