"""Take in the grid what orders bring this week: one item, or all of them."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from common.numbers import row_number
from epi_stocks.grid import Grid
from epi_stocks.outcomes import count_text
from epi_stocks.services.saving import CellChange, SavingError, save_cells
from epi_stocks.views.inventory_copy import writable_grid
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.perimeter import Action


@require_POST
@allows(Action.EPI_WRITE)
def inventory_supply(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """Replace only what the person saw; a cell that somebody typed meanwhile keeps its value."""
    grid = writable_grid(request, finess, week)
    changes = changes_asked(request, grid)
    if not changes:
        messages.info(request, "Il n’y a plus rien à reprendre.")
        return redirect("epi_stocks:inventory", finess=finess, week=week)
    try:
        result = save_cells(
            by=request.user,
            week=week,
            establishment_id=grid.establishment_id,
            changes=changes,
            profile_id=profile_number(request.POST.get("profile")),
        )
    except SavingError as error:
        raise PermissionDenied(str(error)) from error
    saved = sum(cell.is_saved for cell in result.cells)
    if saved:
        taken = count_text(saved, "approvisionnement repris", "approvisionnements repris")
        messages.success(request, f"{taken} de vos commandes. Corrigez au besoin.")
    for cell in result.conflicts:
        messages.warning(request, cell.sentence)
    return redirect("epi_stocks:inventory", finess=finess, week=week)


def changes_asked(request: HttpRequest, grid: Grid) -> list[CellChange]:
    """Of the item pressed, or of all; against the value that stood beside the button."""
    asked = request.POST.get("item", "")
    cells = [one for one in grid.to_take if asked == "tout" or one.item_id == row_number(asked)]
    return [
        CellChange(one.item_id, one.measure, one.proposal.quantity, seen_of(request, one.item_id))
        for one in cells
        if one.proposal
    ]


def seen_of(request: HttpRequest, item_id: int) -> int | None:
    """Blank was seen blank; 0 was seen 0."""
    text = request.POST.get(f"vu-{item_id}", "")
    return row_number(text) if text else None
