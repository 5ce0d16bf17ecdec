"""What a page carries to the next, signed: a preview to its confirmation, refused cells."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from common.exports import csv_response
from common.tabular import ErrorReport

KEPT_FOR = 24 * 3600  # seconds
SHOWN = 200
REFUSED = "common.refused_cells"
EXPIRED = "Cet aperçu a expiré\u00a0: recommencez."


def carry(content: Any, salt: str) -> str:
    return signing.dumps(content, salt=salt, compress=True)


def carried(request: HttpRequest, salt: str, name: str = "content") -> Any | None:
    """What the page carried; None, and the person is told, when it is too old or not ours."""
    try:
        return signing.loads(request.POST.get(name, ""), salt=salt, max_age=KEPT_FOR)
    except signing.BadSignature:
        messages.error(request, EXPIRED)
        return None


def refused_words(cells: Iterable[Any], *, is_cut: bool = False) -> dict[str, Any]:
    """The refused cells of a file as a page shows them, and all of them to take away."""
    errors = list(cells)
    return {
        "headers": ErrorReport.headers,
        "errors": errors[:SHOWN],
        "count": len(errors),
        "is_cut": is_cut,
        "report": carry(errors, REFUSED) if errors else "",
    }


def refused_file(
    request: HttpRequest, *, back: str, filename: str = "lignes-refusees", **address: Any
) -> HttpResponseBase:
    """The refused cells, as a file to correct beside; ``back`` is where one sends it again."""
    rows = carried(request, REFUSED, "report")
    if rows is None:
        answer: HttpResponseBase = redirect(back, **address)
        return answer
    return csv_response(ErrorReport.headers, rows, filename=filename)
