"""What every answer carries: a request number, and no copy in shared caches for private pages."""

import uuid

from django.conf import settings
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from common.logs import request_id


class RequestIdMiddleware:
    """Give each request a number, shown on error pages and found in the log and the journal."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:12]
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id
        return response


class MaintenanceMiddleware:
    """Answer 503 with a page in the house style while the maintenance file exists."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path != "/sante/" and settings.MAINTENANCE_FILE.exists():
            response = render(request, "errors/maintenance.html", status=503)
            response["Retry-After"] = "600"
            return response
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Pages of a logged-in person are never stored, not even by the browser's history."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response
