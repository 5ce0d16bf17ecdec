"""What the pages of the grid share: the grid within reach, what their templates are given."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from medications.calendar import NotDueError
from medications.models import MonitoredList
from pui.grid.loading import load_grid
from pui.grid.outcomes import Outcome, hour_text
from pui.grid.shapes import Cell, Grid, Row, shown
from pui.grid.typing import seen_values
from pui.rights import WRITE, write_action
from pui.transfer.sentences import moment
from pui.views.register_context import Trail, pui_of

WRITERS: Final = tuple(dict.fromkeys(WRITE.values()))


def grid_of(request: HttpRequest, slug: str, pk: int, due_on: date) -> Grid:
    """404 out of reach or on a day when nothing is due; 403 without the right to declare."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    pui = pui_of(request, pk, to=write_action(monitored_list))
    try:
        return load_grid(pui, monitored_list, due_on, timezone.now())
    except NotDueError as error:
        raise Http404(str(error)) from error


def open_grid(request: HttpRequest, slug: str, pk: int, due_on: date) -> Grid:
    """The grid when it may be typed in; else the reason why not."""
    grid = grid_of(request, slug, pk, due_on)
    if not grid.is_open:
        raise PermissionDenied(closed_sentence(grid))
    return grid


def closed_sentence(grid: Grid) -> str:
    """Why nothing can be typed, and who can open it."""
    day = f"L’échéance du {grid.due_on:%d/%m/%Y}"
    if not grid.pui.is_open:
        return f"Cette PUI est fermée depuis le {grid.pui.closed_on:%d/%m/%Y}."
    if timezone.now() < grid.period.closes_at:
        return f"{day} s’ouvre le {grid.period.opens_on:%d/%m/%Y}."
    return f"{day} est close. Pour la corriger, demandez sa réouverture à votre ARS."


def address_of(grid: Grid, name: str = "grid") -> str:
    kwargs = {"slug": grid.monitored_list.pk, "pk": grid.pui.pk, "due_on": grid.due_on}
    return reverse(f"pui:{name}", kwargs=kwargs)


def start_address(grid: Grid) -> str:
    """The page where one chooses between a file and the grid."""
    address = reverse("pui:transmission", kwargs={"slug": grid.monitored_list.pk})
    return f"{address}?pui={grid.pui.pk}"


def receipt_address(grid: Grid) -> str:
    number = grid.in_force.number if grid.in_force else ""
    kwargs = {"slug": grid.monitored_list.pk, "number": number}
    return reverse("pui:transmission_detail", kwargs=kwargs)


def trail(grid: Grid, *, inside: bool = False) -> Trail:
    above = [("Transmission", start_address(grid))]
    return [*above, ("Saisie", address_of(grid))] if inside else above


def hidden_rows(grid: Grid) -> list[tuple[Row, list[tuple[Cell, str]]]]:
    """The cells typed before what is in force, each with what it would take the place of."""
    hidden = {key: shown(value) or "vide" for key, value in grid.hidden.items()}
    found = [
        (row, [(cell, hidden[cell.key]) for cell in row.cells if cell.key in hidden])
        for row in grid.rows
    ]
    return [(row, cells) for row, cells in found if cells]


def cells_of(
    row: Row, outcomes: Mapping[str, Outcome], *, with_expiry: bool
) -> list[tuple[Cell, Outcome | None]]:
    cells = (cell for cell in row.cells if with_expiry or not cell.is_expiry)
    return [(cell, outcomes.get(cell.name)) for cell in cells]


def page_context(
    grid: Grid, outcomes: Mapping[str, Outcome], *, with_expiry: bool
) -> dict[str, Any]:
    """What the grid and the line that sums it up are given.

    The optional column stands where it holds something, and where the person asked for it.
    """
    has_expiry = grid.has_expiry
    shows_expiry = has_expiry or with_expiry
    return {
        "grid": grid,
        "above": trail(grid),
        "rows": [(row, cells_of(row, outcomes, with_expiry=shows_expiry)) for row in grid.rows],
        "shows_expiry": shows_expiry,
        "may_hide_expiry": not has_expiry,
        "hidden": hidden_rows(grid),
        "seen": seen_values(grid.cells),
        "start_url": start_address(grid),
        "closed_sentence": "" if grid.is_open else closed_sentence(grid),
        "last_hour": hour_text(grid.saved_at) if grid.saved_at else "",
        "last_text": moment(grid.saved_at) if grid.saved_at else "",
        "missing_count": len(grid.missing),
        "unsaved_count": sum(one.is_unsaved for one in outcomes.values()),
        "receipt_url": receipt_address(grid) if grid.in_force else "",
        "is_late": not grid.in_force and grid.period.is_late(timezone.now()),
    }
