"""Pages for what went wrong: what happened, what to do now, and the number found in the log.

Those that a broken service answers (400, 500, CSRF) are drawn without database nor session; those
that a working one answers (403, 404) keep the frame, with the menu and the profile in use.
"""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import render

from common.bare_pages import bare_page

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request, exception=None):
    if isinstance(exception, TOO_LARGE):
        return bare_page(request, "errors/413.html", status=413)
    return bare_page(request, "errors/400.html", status=400)


def permission_denied(request, exception=None):
    """Show the sentence of the refusal, the profile it was refused to, and the way out."""
    reason = str(exception) if exception else ""
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    return bare_page(request, "errors/500.html", status=500)


def csrf_failure(request, reason=""):
    return bare_page(request, "errors/csrf.html", status=403)
