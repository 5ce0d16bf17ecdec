"""The typing grid of a due day, and its whole form sent without script."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_POST

from establishments.access import allows, as_shown
from pui.grid.outcomes import Outcome, outcomes_of, status_of
from pui.grid.shapes import Grid, Key, shown
from pui.grid.typing import TypedCell, read_form, read_value
from pui.services.draft import CellChange, copy_previous, save_in, undo_copy
from pui.services.storing import StoringError
from pui.transfer.sentences import counted
from pui.views.grid_context import WRITERS, address_of, grid_of, open_grid, page_context
from pui.views.grid_transmit import transmit

SESSION_KEY = "pui.grid.copied"
EXPIRY_KEY = "pui.grid.expiry"  # whether this person asked for the optional column
SHOWN = {"oui": True, "non": False}


@method_decorator([as_shown, allows(*WRITERS)], name="dispatch")
class GridView(View):
    """One pharmacy, one list, one due day."""

    def get(self, request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
        grid = grid_of(request, slug, pk, due_on)
        if (asked := request.GET.get("peremptions")) in SHOWN:
            request.session[EXPIRY_KEY] = SHOWN[asked]
            return redirect(f"{address_of(grid)}#grille")
        return show(request, grid, {})

    def post(self, request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
        """Save the cells that changed, then transmit when that button was pressed.

        Those refused come back as typed, with the reason: nothing is transmitted before.
        """
        grid = open_grid(request, slug, pk, due_on)
        typed = read_form(request.POST)
        outcomes = saved(request, grid, typed)
        status = status_of(outcomes)
        grid = open_grid(request, slug, pk, due_on)
        if status != 200:
            if "transmettre" in request.POST:
                messages.error(request, not_sent_sentence(outcomes))
            return show(request, grid, outcomes, status)
        if "transmettre" in request.POST:
            return transmit(request, grid, typed)
        messages.success(request, saved_sentence(len(outcomes)))
        return redirect(address_of(grid))


def saved(request: HttpRequest, grid: Grid, typed: list[TypedCell]) -> dict[str, Outcome]:
    changes = [cell.as_change() for cell in typed if cell.is_changed]
    try:
        result = save_in(grid, changes, by=request.user) if changes else None
    except StoringError as error:
        raise PermissionDenied(str(error)) from error
    return outcomes_of(result, typed)


def show(
    request: HttpRequest, grid: Grid, outcomes: dict[str, Outcome], status: int = 200
) -> HttpResponse:
    is_asked = request.session.get(EXPIRY_KEY, False)
    context = page_context(grid, outcomes, with_expiry=is_asked)
    context["may_undo"] = grid.is_open and bool(copied_here(request, grid))
    return render(request, "dispostock/grid.html", context, status=status)


def not_sent_sentence(outcomes: dict[str, Outcome]) -> str:
    count = sum(one.is_unsaved for one in outcomes.values())
    text = counted(count, "case n’est pas enregistrée", "cases ne sont pas enregistrées")
    return f"Rien n’est transmis\u00a0: {text}. Corrigez ce qui est marqué, puis transmettez."


def saved_sentence(count: int) -> str:
    if not count:
        return "Rien n’avait changé\u00a0: toutes les cases étaient déjà enregistrées."
    kept = counted(count, "case enregistrée", "cases enregistrées")
    return f"{kept} dans le brouillon. Il reste à transmettre."


@require_POST
@as_shown
@allows(*WRITERS)
def copy(request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
    """« Rien n’a changé »: nothing is transmitted, and it can be undone."""
    grid = open_grid(request, slug, pk, due_on)
    copied = acted(copy_previous, request, grid)
    if copied:
        kept = [[*change.key, shown(change.value)] for change in copied]
        request.session[SESSION_KEY] = [address_of(grid), kept]
        source = f"de l’échéance du {grid.previous_on:%d/%m/%Y}"
        text = counted(len(copied), "case reprise", "cases reprises")
        messages.success(request, f"{text} {source}. Corrigez ce qui a changé, puis transmettez.")
    else:
        messages.info(request, "Aucune case vide à reprendre\u00a0: rien n’a changé.")
    return redirect(address_of(grid))


@require_POST
@as_shown
@allows(*WRITERS)
def undo(request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
    """Blank again what was copied, save for the cells that somebody changed since."""
    grid = open_grid(request, slug, pk, due_on)
    copied = copied_here(request, grid)
    if not copied:
        messages.info(request, "Il n’y a rien à annuler dans cette grille.")
        return redirect(address_of(grid))
    result = acted(undo_copy, request, grid, copied=copied)
    request.session.pop(SESSION_KEY, None)
    kept = sum(one.verdict == "conflict" for one in result.cells)
    text = counted(len(copied) - kept, "case vidée", "cases vidées")
    more = f", {counted(kept, 'case changée depuis gardée', 'cases changées depuis gardées')}"
    messages.success(request, f"Reprise annulée\u00a0: {text}{more if kept else ''}.")
    return redirect(address_of(grid))


def acted(service, request: HttpRequest, grid: Grid, **more):
    try:
        return service(by=request.user, grid=grid, **more)
    except StoringError as error:
        raise PermissionDenied(str(error)) from error


def copied_here(request: HttpRequest, grid: Grid) -> list[CellChange]:
    """What this person last copied, when it was on this very grid."""
    address, kept = request.session.get(SESSION_KEY) or ("", [])
    if address != address_of(grid):
        return []
    return [
        CellChange(Key(product, measure), read_value(measure, text), None)
        for product, measure, text in kept
    ]
