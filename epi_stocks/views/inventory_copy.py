"""« Rien n’a changé »: last week's values fill the cells still blank; it can be undone."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from epi_stocks.forms import read_form
from epi_stocks.grid import Grid, GridRow, load_grid
from epi_stocks.outcomes import count_text
from epi_stocks.services.saving import (
    CellChange,
    SaveResult,
    SavingError,
    save_cells,
)
from epi_stocks.views.inventory_context import trail
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.perimeter import Action

SESSION_KEY = "epi_stocks.copied"


@allows(Action.EPI_WRITE)
def inventory_copy(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """Show what would be copied; copy it once it is confirmed, as it was shown."""
    grid = writable_grid(request, finess, week)
    if request.method != "POST":
        rows = [row for row in grid.rows if any(to_copy(row))]
        context = {"grid": grid, "rows": rows, "above": trail(grid)}
        return render(request, "epi_stocks/inventory_copy.html", context)
    shown = read_form(request.POST)
    changes = [cell.as_change() for cell in shown if cell.is_changed]
    result = save(request, grid, changes)
    copied = [f"{c.item_id}-{c.measure}:{c.value}" for c in result.cells if c.verdict == "saved"]
    request.session[SESSION_KEY] = {"place": place_of(grid), "cells": copied}
    messages.success(
        request,
        f"{count_text(len(copied), 'case reprise', 'cases reprises')} de la semaine du "
        f"{grid.last_week:%d/%m/%Y}. Corrigez ce qui a changé, ou annulez la reprise.",
    )
    return redirect("epi_stocks:inventory", finess=finess, week=week)


@require_POST
@allows(Action.EPI_WRITE)
def inventory_copy_undo(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """Blank the cells that were copied, save those that somebody changed since."""
    grid = writable_grid(request, finess, week)
    copied = copied_cells(request, grid)
    changes = []
    for text in copied:
        name, _, value = text.partition(":")
        item, _, measure = name.partition("-")
        changes.append(CellChange(int(item), measure, None, int(value)))
    if changes:
        result = save(request, grid, changes)
        kept = len(result.conflicts)
        blanked = count_text(len(changes) - kept, "case vidée", "cases vidées")
        sentence = f"Reprise annulée : {blanked}."
        if kept:
            sentence += f" {count_text(kept, 'case modifiée', 'cases modifiées')} depuis : gardées."
        messages.success(request, sentence)
    request.session.pop(SESSION_KEY, None)
    return redirect("epi_stocks:inventory", finess=finess, week=week)


@allows(Action.EPI_WRITE)
def inventory_total(request: HttpRequest, finess: str, week: date, item_id: int) -> HttpResponse:
    """Leave the sizes of gloves for one typed total, once it is confirmed."""
    grid = writable_grid(request, finess, week)
    if request.method != "POST":
        return render(
            request, "epi_stocks/inventory_total.html", {"grid": grid, "above": trail(grid)}
        )
    sizes = [cell for row in grid.rows if row.parent_id == item_id for cell in row.cells]
    changes = [
        CellChange(cell.item_id, cell.measure, None, cell.value)
        for cell in sizes
        if cell.value is not None
    ]
    if changes:
        save(request, grid, changes)
    messages.success(request, "Les tailles sont vidées : saisissez le total des gants.")
    return redirect("epi_stocks:inventory", finess=finess, week=week)


def writable_grid(request: HttpRequest, finess: str, week: date) -> Grid:
    """The grid when it may be typed in; else the reason why not."""
    grid = load_grid(request.user, finess, week)
    if not grid.may_write:
        raise PermissionDenied(grid.closed_sentence)
    return grid


def to_copy(row: GridRow) -> list[bool]:
    return [cell.is_missing and not cell.is_read_only for cell in row.cells]


def copied_cells(request: HttpRequest, grid: Grid) -> list[str]:
    """The cells copied into this very grid during this session."""
    copied = request.session.get(SESSION_KEY) or {}
    return copied.get("cells", []) if copied.get("place") == place_of(grid) else []


def place_of(grid: Grid) -> str:
    return f"{grid.finess}/{grid.week}"


def save(request: HttpRequest, grid: Grid, changes: list[CellChange]) -> SaveResult:
    try:
        return save_cells(
            by=request.user,
            week=grid.week,
            establishment_id=grid.establishment_id,
            changes=changes,
            profile_id=profile_number(request.POST.get("profile")),
        )
    except SavingError as error:
        raise PermissionDenied(str(error)) from error
