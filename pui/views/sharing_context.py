"""What the pages of a share-out have in common: who reaches it, its words, its files."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.lookups import get_in_perimeter
from accounts.models import User
from common.columns import Table
from common.exports import csv_response, spreadsheet_response
from establishments.perimeter import Action
from journal.services import record
from pui.medicine import quantity_of
from pui.models import RegionalShare, ShareOut
from pui.services.sharing import NATIONAL

FORMATS = ("xlsx", "csv")
TITLE = "Répartition"
PEOPLE = ("opened_by", "published_by", "cancelled_by")


def is_national(user: User) -> bool:
    return bool(user.perimeter_to(Action.MED_ALLOCATE).is_national)


def require_national(request: HttpRequest) -> None:
    if not is_national(request.user):
        raise PermissionDenied(NATIONAL)


def share_out_of(request: HttpRequest, pk: int) -> ShareOut:
    """Out of reach it does not exist."""
    rows = ShareOut.objects.select_related("product", "reference", *PEOPLE)
    found: ShareOut = get_in_perimeter(rows, request.user, to=Action.MED_ALLOCATE, pk=pk)
    return found


def regional_of(request: HttpRequest, pk: int, code: str) -> RegionalShare:
    share_out = [f"share_out__{name}" for name in ("product", "reference", *PEOPLE)]
    rows = RegionalShare.objects.select_related("region", "done_by", *share_out)
    found: RegionalShare = get_in_perimeter(
        rows, request.user, to=Action.MED_ALLOCATE, share_out=pk, region=code
    )
    return found


def words_of(share_out: ShareOut) -> dict[str, Any]:
    return {
        "share_out": share_out,
        "quantity": quantity_of(share_out.quantity, share_out.unit),
        "above": trail(),
        "formats": FORMATS,
    }


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The pages above, below « e-Dispostock »."""
    return [(TITLE, reverse("pui:sharing")), *more]


def table_file(
    request: HttpRequest,
    table: Table,
    rows: Iterable[Any],
    *,
    kind: str,
    name: str,
    about: object,
) -> HttpResponse:
    """The table of the page, all its lines; who took it is in the journal."""
    values: Sequence[Sequence[Any]] = [table.file_row(one) for one in rows]
    record("pui.share_out_exported", by=request.user, target=about, format=kind, rows=len(values))
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)
