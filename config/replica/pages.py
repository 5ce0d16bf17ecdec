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
        if request.method not in ("GET", "HEAD") or has_just_written(request):
            return view(request, *args, **kwargs)
        if not watch.is_fresh():
            return view(request, *args, **kwargs)
        try:
            with reading_replica():
                return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise  # too long here: the primary would not be quicker
            if not isinstance(error.__cause__, SerializationFailure):  # a row cleaned meanwhile
                watch.lost()
        return view(request, *args, **kwargs)

    return page


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
