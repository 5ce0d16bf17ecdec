"""Pages for what went wrong: what happened, what to do now, and the number found in the log.

Those that a broken service answers (400, 500, 503, CSRF) are drawn without database nor session;
those that a working one answers (403, 404) keep the frame, with the menu and the profile in use.
"""

import errno
import sys
from collections.abc import Iterator

import psycopg
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.shortcuts import render

from common.bare_pages import bare_page
from common.problems import problem
from config.access.applications import doctor_address

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# a lock or a statement waited for too long, a lost connection: the same request may soon succeed
PASSING = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
# the disk of the files received is full, or what is left of somebody's share of it
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MACHINES = "/api/v1/"
RETRY_AFTER = 5  # seconds
BUSY = "Le service est très sollicité. Réessayez dans un instant."


def is_for_machines(request):
    """Whoever calls an address for machines reads JSON, also where no such address is."""
    return request.path.startswith(MACHINES)


def bad_request(request, exception=None):
    if is_for_machines(request):
        return problem(400, "Demande illisible", "Cette demande ne peut pas être lue.")
    if isinstance(exception, TOO_LARGE):
        return bare_page(request, "errors/413.html", status=413)
    return bare_page(request, "errors/400.html", status=400)


def permission_denied(request, exception=None):
    """Show the sentence of the refusal, the profile it was refused to, and the way out."""
    reason = str(exception) if exception else ""
    context = {"reason": reason, "doctor": doctor_address(request)}
    return render(request, "errors/403.html", context, status=403)


def not_found(request, exception=None):
    """An address of nothing; or a place out of reach, told alike, with what would open it."""
    if is_for_machines(request):
        return problem(404, "Introuvable", "Il n’y a rien à cette adresse.")
    return render(request, "errors/404.html", {"doctor": doctor_address(request)}, status=404)


def server_error(request):
    """Answer the exception under way, wherever it comes from: a view, a middleware, the session."""
    fault = sys.exc_info()[1]
    request.fault = type(fault).__name__ if fault else ""
    if any(isinstance(one, PASSING) for one in with_causes(fault)):
        return try_again(request)
    if isinstance(fault, OSError) and fault.errno in NO_ROOM:
        return no_room(request)
    if is_for_machines(request):
        return problem(500, "Panne", f"Donnez ce numéro à l’assistance\u00a0: {request.id}.")
    return bare_page(request, "errors/500.html", status=500)


def with_causes(fault: BaseException | None) -> Iterator[BaseException]:
    """Itself, then what it was raised from: the queue of jobs has errors of its own for a cut."""
    while fault is not None:
        yield fault
        fault = fault.__cause__


def try_again(request):
    """Say that the database did not answer in time: to a person, or to a script of ours."""
    if is_for_machines(request):
        response = problem(503, "Service occupé", BUSY)
    elif request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"sentence": BUSY}, status=503)
    else:
        response = bare_page(request, "errors/503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def no_room(request):
    """Say that a file could not be kept; the operator finds the failure in the log."""
    if is_for_machines(request):
        return problem(507, "Plus de place", "Rien n’est enregistré. Réessayez dans une heure.")
    return bare_page(request, "errors/507.html", status=507)


def csrf_failure(request, reason=""):
    return bare_page(request, "errors/csrf.html", status=403)
