"""Step 3: the receipt, its file, and what it changed since the transmission before."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from common.cover import days_of_cover
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from journal.services import record
from pui.dues import dues_of
from pui.models import Transmission
from pui.services.reopening import reopenings_of
from pui.transfer.changes import Quantities
from pui.transfer.differences import differences, export_of, receipt_of
from pui.views.transmissions.context import (
    READERS,
    WRITERS,
    address_of,
    history_address,
    readable,
    trail,
    transmission_of,
    words_of,
)

FORMATS = ("xlsx", "csv")
COMPARED = 24  # former transmissions offered for a comparison


def receipt_context(user: User, row: Transmission) -> dict[str, object]:
    """What the receipt prints, and what may be done next."""
    receipt = receipt_of(row)
    lines = [(one, *cover_of(one.quantities)) for one in receipt.lines]
    return {
        "receipt": receipt,
        "lines": lines,
        "replaced": row.replaces.first(),
        "before": former(user, row).first(),
        "is_open": is_open(row),
        "formats": [(kind, address_of(row, "file", kind=kind)) for kind in FORMATS],
        "history_url": history_address(row.monitored_list, row.pui),
    }


def cover_of(quantities: Quantities) -> tuple[object, object]:
    return days_of_cover(quantities.stock, quantities.daily), quantities.level


def is_open(row: Transmission) -> bool:
    """Whether its due day may still be declared again: a correction replaces it."""
    now = timezone.localtime()
    open_days = {due.period.due_on for due in dues_of([row.pui], [row.monitored_list_id], now)}
    reopened = {one.due_on for one in reopenings_of(row.pui, row.monitored_list, now)}
    return row.pui.is_open and row.due_on in open_days | reopened


def former(user: User, row: Transmission):
    """The stored transmissions of the same pharmacy and list before this one, the latest first."""
    rows = readable(user, row.monitored_list).filter(
        pui=row.pui_id, state__in=Transmission.STORED, confirmed_at__lt=row.confirmed_at
    )
    return rows.defer("content").order_by("-confirmed_at", "-pk")


def stored_of(request: HttpRequest, slug: str, number: UUID) -> Transmission:
    row = transmission_of(request, slug, number)
    if row.state not in Transmission.STORED:
        raise Http404
    return row


@allows(*WRITERS, *READERS)
@require_safe
def file(request: HttpRequest, slug: str, number: UUID, kind: str) -> FileResponse:
    """What was transmitted, as a file that may be corrected and sent back."""
    row = stored_of(request, slug, number)
    if kind not in FORMATS:
        raise Http404
    headers, rows = export_of(row)
    record(
        "pui.transmission_exported",
        by=request.user,
        target=row,
        place=row.pui.establishment,
        rows=len(rows),
        format=kind,
    )
    name = f"stock-{row.monitored_list_id}-{row.pui.establishment.finess}-{row.due_on}"
    if kind == "csv":
        return csv_response(headers, rows, filename=name)
    return spreadsheet_response("Stock", headers, rows, filename=name)


@allows(*WRITERS, *READERS)
@require_safe
def compare(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    """What it says otherwise than another one: the one before, unless asked."""
    row = stored_of(request, slug, number)
    others = list(former(request.user, row)[:COMPARED])
    asked = request.GET.get("avec", "")
    other = next((one for one in others if str(one.number) == asked), None)
    if asked and other is None:
        raise Http404
    other = other or next(iter(others), None)
    found = differences(other, row) if other else []
    context = words_of(row.monitored_list) | {
        "row": row,
        "pui": row.pui,
        "other": other,
        "others": others,
        "found": found,
        "shows_expiry": any(any(one.expiries) for one in found),
        "history_url": history_address(row.monitored_list, row.pui),
        "above": [*trail(row.monitored_list, row.pui), ("Accusé de réception", address_of(row))],
    }
    return render(request, "dispostock/transmission_differences.html", context)
