"""A page that may read the replica: it does when it can, and nobody notices when it cannot."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from psycopg.errors import QueryCanceled, SerializationFailure

from common.reading import reading_replica
from config.replica.lag import watch
from config.replica.own_writes import has_just_written
from config.replica.routes import ROUTES

View = Callable[..., HttpResponse]


def may_read_replica(view: View) -> View:
    """Read on the replica, or wholly again on the primary when the replica fails meanwhile."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if may_be_late(request):
            try:
                with reading_replica():
                    return view(request, *args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                if not is_read_again(error):
                    raise
        return view(request, *args, **kwargs)

    return page


def may_be_late(request: HttpRequest) -> bool:
    """Only what reads, while the replica is fresh, and not for who has just written."""
    return request.method in ("GET", "HEAD") and watch.is_fresh() and not has_just_written(request)


def is_read_again(error: Exception) -> bool:
    """Whether the primary can say what the replica could not; one that is gone is given up."""
    cause = error.__cause__
    if isinstance(cause, QueryCanceled) or not watch.has_failed():
        return False  # too long here: the primary would not be quicker; or it is the primary
    if not isinstance(cause, SerializationFailure):  # a row cleaned meanwhile
        watch.lost()
    return True


def read_on_replica(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = ""
) -> list[URLPattern | URLResolver]:
    """Mark, of all the addresses, those of ``ROUTES``."""
    kept = list(patterns)
    for one in kept:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            read_on_replica(one.url_patterns, inner)
        elif f"{namespace}{one.name}" in ROUTES:
            one.callback = may_read_replica(one.callback)
    return kept
