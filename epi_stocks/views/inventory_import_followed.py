"""A large file of inventories, treated by the task worker: its page is its sender's alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from common.numbers import format_integer
from epi_stocks.models import InventoryImport
from epi_stocks.outcomes import count_text
from epi_stocks.services import imports
from epi_stocks.views.inventory_context import trail
from epi_stocks.views.inventory_import import declared, follow, told
from establishments.access import allows
from establishments.perimeter import Action


@allows(Action.EPI_WRITE)
@require_safe
def inventory_import_followed(request: HttpRequest, import_id: int) -> HttpResponse:
    """Progress while the file is read or declared; in between, what would change."""
    row = own_import(request, import_id)
    counts = row.report.get("cells", 0), row.report.get("establishments", 0)
    context = {
        "row": row,
        "above": trail(),
        "under_way": under_way(row) if row.is_under_way else {},
        "declared": declared(*counts, row.week) if row.applied_at else "",
    }
    return render(request, "epi_stocks/inventory_import_followed.html", context | told(row.report))


def under_way(row: InventoryImport) -> dict[str, str]:
    """What the worker is doing, in words."""
    is_read = row.state == InventoryImport.State.READING
    if row.seen_at is None:
        then = "lu" if is_read else "enregistré"
        detail = f"Votre fichier attend son tour : il sera {then} dans un instant."
        return {"title": "En attente", "detail": detail}
    if is_read:
        detail = count_text(row.progress, "ligne lue.", "lignes lues.")
        return {"title": "Lecture en cours", "detail": detail}
    written = count_text(row.progress, "case écrite", "cases écrites")
    total = format_integer(row.report.get("cells", 0))
    return {
        "title": "Écriture en cours",
        "detail": f"{written} sur {total}. Tout est enregistré à la fin, ou rien.",
    }


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    row = own_import(request, import_id)
    return follow(request, row.pk, lambda: imports.cancel_import(row, by=request.user))


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_restart(request: HttpRequest, import_id: int) -> HttpResponse:
    row = own_import(request, import_id)
    return follow(request, row.pk, lambda: imports.restart_import(row, by=request.user))


def own_import(request: HttpRequest, import_id: int) -> InventoryImport:
    mine = InventoryImport.objects.filter(by=request.user, is_followed=True).defer("changes")
    return get_object_or_404(mine, pk=import_id)
