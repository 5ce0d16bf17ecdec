"""Each request knows the profile in use; history and journal record it beside each change."""

import re

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import PermissionDenied
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

from accounts.denials import record_denial

SESSION_KEY = "profile"
RESET_LINK = re.compile(r"^(/comptes/mot-de-passe/nouveau/).+")


class ActiveProfileMiddleware:
    """Hand the chosen profile's number to the user; rights are re-read at each request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.chosen_profile_id = request.session.get(SESSION_KEY)
            request.user.request_address = get_client_ip(request)
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A refusal is recorded, with what was asked; the page itself is the error handler's."""
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            record_denial(request, str(exception))


class HistoryMiddleware(PghistoryMiddleware):
    """Put the profile, the request number and the address beside each change of a record."""

    def get_context(self, request):
        return super().get_context(request) | {
            "url": RESET_LINK.sub(
                r"\1…/", request.path
            ),  # a link that opens an account is a secret
            "profile": request.session.get(SESSION_KEY),
            "request": request.id,
            "address": getattr(request.user, "request_address", None) or get_client_ip(request),
        }
