"""Each request, measured: one line in the log, and its place in what is added up.

Told by the name of its route, never by its address: an address holds numbers of places, words
searched for, keys of links.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from common.routes import route_of
from common.statements import Tally, counting
from monitoring.objective import NOT_COUNTED
from monitoring.recorder import PAGE, FaultSeen, recorder

access = logging.getLogger("access")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MeasureMiddleware:
    """Right after the number of the request: all that follows is in what is measured."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        with counting() as tally:
            response = self.get_response(request)
        note(request, response.status_code, 1000 * (perf_counter() - began), tally)
        return response


def note(request: HttpRequest, status: int, millis: float, tally: Tally) -> None:
    name, method, outcome = route_of(request), method_of(request), str(status)
    sql_millis = 1000 * tally.seconds
    access.info(
        "request",
        extra={
            "fields": {
                "route": name,
                "method": method,
                "status": status,
                "ms": round(millis, 1),
                "sql": tally.statements,
                "sql_ms": round(sql_millis, 1),
                "role": getattr(request, "role_letter", "-"),
            }
        },
    )
    recorder.add((PAGE, name, method, outcome), millis, tally.statements, sql_millis)
    for statement in tally.slow:
        recorder.slow(statement, name)
    error = getattr(request, "fault", "")
    if status >= 500 and (error or name not in NOT_COUNTED):  # what a probe is told is no incident
        number = getattr(request, "id", "")
        recorder.fault(FaultSeen(datetime.now(UTC), number, name, method, outcome, error))


def method_of(request: HttpRequest) -> str:
    """A client may send any word as a method."""
    return request.method if request.method in METHODS else "?"
