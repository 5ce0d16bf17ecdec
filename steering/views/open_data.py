"""« Données ouvertes »: what is published, for whom, and the files. A visitor costs no query."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from common.exports import CSV_TYPE
from common.indicators import indicator
from establishments.access import public
from pui.feeds.files import Pieces
from pui.open_data.columns import OPEN_STOCKS
from pui.open_data.files import LICENCE
from pui.open_data.masking import FEWEST_ENTITIES, LARGEST_SHARE
from steering.open_data.catalogue import (
    Described,
    data_package,
    dcat,
    described,
    every_dataset,
    schema_of,
)
from steering.open_data.files import path_of, preview_of

KEPT = 3600  # seconds: nothing changes more than once a day
TITLE = "Données ouvertes"
EVERYWHERE = {"Access-Control-Allow-Origin": "*"}


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    sets = every_dataset()
    context = {
        "sets": [(one, day_of(one.last)) for one in sets if one.files],
        "waiting": [one for one in sets if not one.files],
        "licence": LICENCE,
        **secret_rule(),
    }
    return render(request, "open_data/hub.html", context)


@public
@require_safe
def open_data_set(request: HttpRequest, slug: str) -> HttpResponse:
    found = described(slug)
    if found is None:
        raise Http404
    header, rows = preview_of(slug)
    context = {
        "above": [(TITLE, reverse("open_data"))],
        "set": found,
        "files": [shown_file(one) for one in found.files],
        "made_at": made_at(found),
        "header": header,
        "rows": rows,
        "indicators": [indicator(one) for one in found.indicators],
        "licence": LICENCE,
        **secret_rule(),
    }
    return render(request, "open_data/page.html", context)


def secret_rule() -> dict[str, int]:
    return {"fewest": FEWEST_ENTITIES, "largest": int(LARGEST_SHARE * 100)}


def made_at(found: Described) -> datetime | None:
    told = found.manifest.get("made_at")
    return datetime.fromisoformat(told) if told else None


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def shown_file(one: dict[str, Any]) -> dict[str, Any]:
    return one | {name: day_of(one[name]) for name in ("first", "last")}


def etag_of(request: HttpRequest, name: str) -> str | None:
    """The same for both ways of sending one file: weak."""
    path = path_of(name)
    if path is None:
        return None
    stat = path.stat()
    return f'W/"{stat.st_mtime_ns:x}-{stat.st_size:x}"'


def modified_at(request: HttpRequest, name: str) -> datetime | None:
    path = path_of(name)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path else None


@public
@require_safe
@condition(etag_func=etag_of, last_modified_func=modified_at)
@cache_control(public=True, max_age=KEPT)
@vary_on_headers("Accept-Encoding")
def open_data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """As it is on disk for whoever reads compressed answers, which all browsers do."""
    path = path_of(name)
    if path is None:
        raise Http404
    response = _packed(path) if _reads_packed(request) else _plain(path)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _reads_packed(request: HttpRequest) -> bool:
    asked = request.headers.get("Accept-Encoding", "")
    return any(one.strip() == "gzip" for one in asked.split(","))


def _packed(path: Path) -> FileResponse:
    response = FileResponse(path.open("rb"), content_type=CSV_TYPE)
    response["Content-Encoding"] = "gzip"
    return response


def _plain(path: Path) -> StreamingHttpResponse:
    return StreamingHttpResponse(Pieces([path]), content_type=CSV_TYPE)


def told(content: Any, content_type: str = "application/json") -> HttpResponse:
    return JsonResponse(
        content,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        content_type=content_type,
        headers=EVERYWHERE,
    )


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_schema(request: HttpRequest) -> HttpResponse:
    """The dictionary of the first file that was published: this address does not change."""
    return told(schema_of(OPEN_STOCKS.name))


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_set_schema(request: HttpRequest, slug: str) -> HttpResponse:
    """The dictionary of the columns, as a Table Schema."""
    schema = schema_of(slug)
    if schema is None:
        raise Http404
    return told(schema)


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_package(request: HttpRequest) -> HttpResponse:
    return told(data_package(file_address(request)))


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_catalogue(request: HttpRequest) -> HttpResponse:
    def page(slug: str) -> str:
        return request.build_absolute_uri(reverse("open_data_set", args=[slug]))

    return told(dcat(page, file_address(request)), "application/ld+json")


def file_address(request: HttpRequest) -> Any:
    return lambda name: request.build_absolute_uri(reverse("open_data_file", args=[name]))
