"""Each request knows the profile in use; history records it beside each change."""

from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

SESSION_KEY = "profile"


class ActiveProfileMiddleware:
    """Hand the chosen profile's number to the user; rights are re-read at each request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.chosen_profile_id = request.session.get(SESSION_KEY)
            request.user.request_address = request.META.get("REMOTE_ADDR") or None
        return self.get_response(request)


class HistoryMiddleware(PghistoryMiddleware):
    """Put the profile, the request number and the address beside each change of a record."""

    def get_context(self, request):
        return super().get_context(request) | {
            "profile": request.session.get(SESSION_KEY),
            "request": request.id,
            "address": request.META.get("REMOTE_ADDR"),
        }
