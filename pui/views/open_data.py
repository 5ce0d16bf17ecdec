"""« Données ouvertes »: what is published, for whom, and the files. A visitor costs no query."""

from datetime import date, datetime
from decimal import Decimal
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
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from common.exports import CSV_TYPE
from establishments.access import public
from pui.feeds.files import Pieces
from pui.open_data.columns import OPEN_STOCKS
from pui.open_data.files import LAST, LICENCE, path_of, read_manifest, schema
from pui.open_data.masking import FEWEST_ENTITIES, LARGEST_SHARE

NUMBERS = ("stock", "daily", "days")
KEPT = 3600  # seconds: nothing changes more than once a due day


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    manifest = read_manifest()
    context = {
        "files": [shown_file(one) for one in manifest.get("files", [])],
        "preview": shown_preview(manifest.get("preview") or {}),
        "made_at": datetime.fromisoformat(manifest["made_at"]) if manifest else None,
        "dictionary": OPEN_STOCKS,
        "licence": LICENCE,
        "fewest": FEWEST_ENTITIES,
        "largest": int(LARGEST_SHARE * 100),
        "last": LAST,
    }
    return render(request, "open_data/page.html", context)


def shown_file(one: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(one[name]) for name in ("first", "last") if one[name]}
    return one | days


def shown_preview(preview: dict[str, Any]) -> dict[str, Any]:
    if not preview:
        return {}
    rows = [one | {name: _decimal(one[name]) for name in NUMBERS} for one in preview["rows"]]
    return preview | {"due_on": date.fromisoformat(preview["due_on"]), "rows": rows}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def etag_of(request: HttpRequest, name: str) -> str | None:
    """The same for both ways of sending one file: weak."""
    path = path_of(name)
    if not path.exists():
        return None
    stat = path.stat()
    return f'W/"{stat.st_mtime_ns:x}-{stat.st_size:x}"'


@public
@require_safe
@condition(etag_func=etag_of)
@cache_control(public=True, max_age=KEPT)
@vary_on_headers("Accept-Encoding")
def open_data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """As it is on disk for whoever reads compressed answers, which all browsers do."""
    path = path_of(name)
    if name not in {one["name"] for one in read_manifest().get("files", [])} or not path.exists():
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


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_schema(request: HttpRequest) -> HttpResponse:
    """The dictionary of the columns, as a Table Schema."""
    response = JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Access-Control-Allow-Origin"] = "*"
    return response
