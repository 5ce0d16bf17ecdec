"""What every answer carries: a request number, and no copy in shared caches for private pages."""

import uuid
from collections.abc import Callable
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from common.bare_pages import bare_page
from common.logs import request_id
from common.unreadable import is_unreadable

GetResponse = Callable[[HttpRequest], HttpResponse]
HEALTH = "/sante/"


class RequestIdMiddleware:
    """Give each request a number, shown on error pages and found in the log and the journal."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:12]
        request.id = number  # type: ignore[attr-defined]
        token = request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = number
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The content policy of django-csp, built once: it has no nonce and hardly a page changes it.

    A form that leads elsewhere at its end says where: ``response.form_origins``. What a person
    sent goes out with a stricter one of its own. Building it anew at each answer took a twentieth
    of the processor of a cell saved.
    """

    @cached_property
    def policy(self) -> str:
        return build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Offer no nonce: the header would not carry it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        origins = getattr(response, "form_origins", None)
        policy = build_policy(update={"form-action": origins}) if origins else self.policy
        response.headers.setdefault(HEADER, policy)
        return response


class MaintenanceMiddleware:
    """Answer 503 with a page in the house style while the maintenance file exists."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == HEALTH or not settings.MAINTENANCE_FILE.exists():
            return self.get_response(request)
        request.is_closed = True  # type: ignore[attr-defined]
        response = bare_page(request, "errors/maintenance.html", status=503)
        response["Retry-After"] = "600"
        return response


class UnreadableTextMiddleware:
    """Answer 400 to what holds a NUL, wherever a page did not look for it: it is no failure."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_unreadable(exception):
            return None
        return bare_page(request, "errors/400.html", status=400)


class HealthMiddleware:
    """The health page knows nobody: it must answer while the sessions cannot be read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == HEALTH:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Pages of a logged-in person are never stored, not even by the browser's history.

    Who was logged in is asked before the page: the page may log them out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_private = request.user.is_authenticated
        response = self.get_response(request)
        if is_private or request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
