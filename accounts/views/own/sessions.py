"""One's own sessions: the list, how to end them, and the time that is left to this one."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.devices import describe_device
from accounts.services.account import end_sessions
from accounts.views.own.account import open_sessions
from establishments.access import everyone


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A line of the list."""

    pk: int
    opened_at: datetime
    device: str
    address: str
    is_current: bool


@everyone
def session_list(request):
    """Where one is logged in; end one of them, or all the others."""
    if request.method == "POST":
        return end(request)
    own = request.session.session_key
    lines = [
        OpenSession(
            one.pk, one.created_at, describe_device(one.user_agent), one.ip, one.session_key == own
        )
        for one in open_sessions(request.user).order_by("-created_at", "-pk")
    ]
    lines.sort(key=lambda line: not line.is_current)
    context = {"sessions": lines, "has_others": any(not line.is_current for line in lines)}
    return render(request, "usersessions/usersession_list.html", context)


def end(request):
    """Never the present one: « Se déconnecter » does that."""
    number = request.POST.get("session", "")
    only = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if number and only is None:
        return redirect("usersessions_list")
    ended = end_sessions(request.user, by=request.user, but=request.session.session_key, only=only)
    if ended > 1:
        messages.success(request, f"{ended} sessions sont fermées.")
    else:
        messages.success(
            request, "La session est fermée." if ended else "Cette session était déjà fermée."
        )
    return redirect("usersessions_list")


@everyone
@require_http_methods(["GET", "POST"])
def session_time(request):
    """How long this session has left: asked by a script; a POST is an act, which keeps it open."""
    session = request.session
    answer = {
        "left": session.seconds_left,
        "extendable": session.may_be_prolonged,
        "token": get_token(request),
        "person": str(request.user.public_id),
    }
    return JsonResponse(answer)
