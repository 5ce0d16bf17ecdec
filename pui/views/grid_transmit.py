"""« Transmettre »: the draft becomes a declaration, after one look at what deserves it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from establishments.access import allows, as_shown
from pui.grid.shapes import Cell, Grid, Row, shown
from pui.grid.typing import TypedCell
from pui.services.draft import (
    ChangedSinceError,
    NothingToSendError,
    review_of,
    stamp_of,
    transmit_draft,
)
from pui.services.storing import StoringError
from pui.transfer.changes import gaps_of
from pui.transfer.errors import LinesRefusedError
from pui.transfer.preview import ShownLine
from pui.transfer.sentences import counted
from pui.transfer.shapes import Before, Kind
from pui.views.grid_context import (
    WRITERS,
    address_of,
    hidden_rows,
    open_grid,
    receipt_address,
    trail,
)

UNANSWERED = (
    "Cochez «\u00a0C’est exact\u00a0» pour chacune de ces quantités, ou revenez à la saisie."
)


def transmit(request: HttpRequest, grid: Grid, typed: Sequence[TypedCell]) -> HttpResponse:
    """At once when nothing deserves a second look; else the page that asks."""
    others = changed_by_others(grid, typed)
    if others or grid.hidden or grid.missing or changes_of(grid):
        return check(request, grid, others=others)
    return send(request, grid, stamp=stamp_of(grid))


def changed_by_others(grid: Grid, typed: Sequence[TypedCell]) -> list[Cell]:
    """The cells that hold something else than the page of this person shows."""
    seen = {cell.key: cell.value for cell in typed}
    return [cell for cell in grid.cells if cell.key in seen and seen[cell.key] != cell.value]


@require_POST
@as_shown
@allows(*WRITERS)
def confirm(request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
    """The same, once what deserved a look was looked at."""
    grid = open_grid(request, slug, pk, due_on)
    exact = frozenset(request.POST.getlist("exact"))
    return send(request, grid, stamp=request.POST.get("empreinte", ""), exact=exact)


def send(
    request: HttpRequest, grid: Grid, *, stamp: str, exact: Collection[str] = ()
) -> HttpResponse:
    try:
        grid.in_force = transmit_draft(by=request.user, grid=grid, stamp=stamp, exact=exact)
    except NothingToSendError as error:
        messages.info(request, str(error))
    except ChangedSinceError as error:
        return check(request, grid, sentence=str(error), status=409)
    except LinesRefusedError:
        return check(request, grid, sentence=UNANSWERED, exact=exact, status=422)
    except StoringError as error:
        return check(request, grid, sentence=str(error), status=422)
    else:
        messages.success(request, "Déclaration transmise.")
    return redirect(receipt_address(grid))


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity far from the last declaration, and whether it was said to be exact."""

    shown: ShownLine
    is_exact: bool

    @property
    def before_text(self) -> str:
        before = self.shown.line.before
        return f"{before.due_on:%d/%m}\u00a0: {quantities_text(before)}" if before else ""

    @property
    def after_text(self) -> str:
        return quantities_text(self.shown)


def quantities_text(one: Before | ShownLine) -> str:
    """« stock 420, CMJ vide »."""
    return f"stock {shown(one.stock) or 'vide'}, CMJ {shown(one.daily) or 'vide'}"


def changes_of(grid: Grid, exact: Collection[str] = ()) -> list[Change]:
    by_id = {row.product.pk: row for row in grid.rows}
    lines = [line for line in review_of(grid) if line.kind is Kind.CHANGE and line.product_id]
    return [
        Change(
            ShownLine(line, row.product, row.priority, gaps_of(line)),
            line.code in exact,
        )
        for line in lines
        if (row := by_id.get(line.product_id or 0))
    ]


def check(
    request: HttpRequest,
    grid: Grid,
    *,
    others: Sequence[Cell] = (),
    sentence: str = "",
    exact: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """What deserves a look, with one button; nothing is transmitted yet."""
    context = {
        "grid": grid,
        "above": trail(grid, inside=True),
        "back": address_of(grid),
        "sentence": sentence,
        "changes": changes_of(grid, exact),
        "missing": [row for row in grid.rows if any(cell.is_missing for cell in row.cells)],
        "others": rows_with(grid, others),
        "hidden": hidden_rows(grid),
        "stamp": stamp_of(grid),
        "confirmation": confirmation(grid),
    }
    return render(request, "dispostock/grid_check.html", context, status=status)


def rows_with(grid: Grid, cells: Sequence[Cell]) -> list[tuple[Row, list[Cell]]]:
    keys = {cell.key for cell in cells}
    found = [(row, [cell for cell in row.cells if cell.key in keys]) for row in grid.rows]
    return [(row, held) for row, held in found if held]


def confirmation(grid: Grid) -> str:
    """What « Transmettre » would do, in words."""
    begun = sum(row.is_begun for row in grid.rows)
    text = counted(begun, "produit transmis", "produits transmis")
    if blank := len(grid.rows) - begun:
        left = "sans aucune quantité\u00a0: il compte comme non déclaré."
        many = "sans aucune quantité\u00a0: ils comptent comme non déclarés."
        return f"{text}, {counted(blank, left, many)}"
    return f"{text}, toute la liste."
