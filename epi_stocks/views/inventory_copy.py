"""« Rien n’a changé », the way back to one total of gloves, and undoing either."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from epi_stocks.grid import Grid, GridRow, load_grid
from epi_stocks.outcomes import count_text
from epi_stocks.services.copying import (
    CopyResult,
    UndoError,
    copy_last_week,
    return_to_total,
    undo,
)
from epi_stocks.services.saving import SavingError
from epi_stocks.views.inventory_context import trail
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.perimeter import Action

SESSION_KEY = "epi_stocks.undo"
UNDO_LABELS = {"copy": "Annuler la reprise", "total": "Remettre les tailles"}


@allows(Action.EPI_WRITE)
def inventory_copy(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """Show what would be copied; copy it once it is confirmed."""
    grid = writable_grid(request, finess, week)
    if request.method != "POST" or grid.last_week is None:
        context = {"grid": grid, "rows": rows_to_copy(grid), "above": trail(grid)}
        return render(request, "epi_stocks/inventory_copy.html", context)
    result = done(request, grid, copy_last_week, "copy")
    source = f"de la semaine du {grid.last_week:%d/%m/%Y}"
    if result.copied:
        copied = count_text(result.copied, "case reprise", "cases reprises")
        sentence = f"{copied} {source}. Corrigez ce qui a changé, ou annulez la reprise."
        messages.success(request, sentence)
    else:
        messages.info(request, f"Les valeurs {source} sont déjà reprises : rien n’a changé.")
    return redirect("epi_stocks:inventory", finess=finess, week=week)


@allows(Action.EPI_WRITE)
def inventory_total(request: HttpRequest, finess: str, week: date, item_id: int) -> HttpResponse:
    """Leave the sizes of gloves for one typed total, once it is confirmed."""
    grid = writable_grid(request, finess, week)
    if request.method != "POST":
        context = {"grid": grid, "above": trail(grid)}
        return render(request, "epi_stocks/inventory_total.html", context)
    done(request, grid, return_to_total, "total", item_id=item_id)
    messages.success(request, "Les tailles sont vidées : saisissez le total des gants.")
    return redirect("epi_stocks:inventory", finess=finess, week=week)


@require_POST
@allows(Action.EPI_WRITE)
def inventory_undo(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """Put back what the last copy changed, save for the cells that somebody changed since."""
    grid = writable_grid(request, finess, week)
    try:
        result = undo(
            by=request.user,
            week=week,
            establishment_id=grid.establishment_id,
            token=undo_token(request, grid),
            profile_id=profile_number(request.POST.get("profile")),
        )
    except SavingError as error:
        raise PermissionDenied(str(error)) from error
    except UndoError:
        messages.info(request, "Il n’y a rien à annuler dans cette grille.")
        return redirect("epi_stocks:inventory", finess=finess, week=week)
    request.session.pop(SESSION_KEY, None)
    kept = len(result.conflicts)
    sentence = count_text(len(result.cells) - kept, "case remise", "cases remises")
    sentence = f"Annulé : {sentence} comme avant."
    if kept:
        sentence += f" {count_text(kept, 'case changée', 'cases changées')} depuis : gardée"
        sentence += "s." if kept > 1 else "."
    messages.success(request, sentence)
    return redirect("epi_stocks:inventory", finess=finess, week=week)


def writable_grid(request: HttpRequest, finess: str, week: date) -> Grid:
    """The grid when it may be typed in; else the reason why not."""
    grid = load_grid(request.user, finess, week)
    if not grid.may_write:
        raise PermissionDenied(grid.closed_sentence)
    return grid


def rows_to_copy(grid: Grid) -> list[GridRow]:
    """Rows with blank cells that were filled; sizes stand for their total, never both."""
    rows = [
        row
        for row in grid.rows
        if any(cell.is_missing and not cell.is_read_only for cell in row.cells)
    ]
    by_size = {row.parent_id for row in rows}
    return [row for row in rows if row.item_id not in by_size]


def done(
    request: HttpRequest, grid: Grid, service: Callable[..., CopyResult], kind: str, **more
) -> CopyResult:
    """Run a service that fills or blanks cells; keep for this session what it did, to undo it."""
    try:
        result = service(
            by=request.user,
            week=grid.week,
            establishment_id=grid.establishment_id,
            profile_id=profile_number(request.POST.get("profile")),
            **more,
        )
    except SavingError as error:
        raise PermissionDenied(str(error)) from error
    if result.copied:  # a second click does nothing, and must not lose how to undo the first
        request.session[SESSION_KEY] = [grid.finess, str(grid.week), result.undo, kind]
    return result


def undo_token(request: HttpRequest, grid: Grid) -> str:
    """How to undo the last copy of this very grid; empty when there is nothing to undo."""
    return undo_of(request, grid)[0]


def undo_label(request: HttpRequest, grid: Grid) -> str:
    """Name what would be undone: a copy is taken back, blanked sizes are put back."""
    return UNDO_LABELS.get(undo_of(request, grid)[1], "")


def undo_of(request: HttpRequest, grid: Grid) -> tuple[str, str]:
    """The token and the kind of what was last done, when it was done on this very grid."""
    kept = request.session.get(SESSION_KEY) or []
    if kept[:2] != [grid.finess, str(grid.week)]:
        return "", ""
    return kept[2], kept[3]
