"""The weekly inventory page: which grid, the grid, and the whole form sent without script."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from accounts.models import User
from common.identifiers import normalize_finess
from common.refusal import RefusedValueError
from common.weeks import WeekError, current_week, parse_week
from epi_stocks.forms import TypedCell, read_form
from epi_stocks.grid import Grid, load_grid, load_sites
from epi_stocks.outcomes import Outcome, outcomes_of, replaced_sentence, status_of
from epi_stocks.services.saving import SaveResult, SavingError, confirm_doubt, save_cells
from epi_stocks.views.inventory_context import asked_sizes, first_unfinished, page_context
from epi_stocks.views.inventory_copy import undo_label
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action


@allows(Action.EPI_WRITE, Action.EPI_READ)
def inventory_start(request: HttpRequest) -> HttpResponse:
    """Lead to a grid: the one asked for, or the first unfinished one of this week."""
    try:
        week = parse_week(request.GET["semaine"]) if "semaine" in request.GET else current_week()
        asked = request.GET.get("etab")
        finess = normalize_finess(asked) if asked else ""
    except (WeekError, RefusedValueError) as error:
        raise Http404(str(error)) from error
    if finess:
        return redirect("epi_stocks:inventory", finess=finess, week=week)
    entities = load_sites(request.user, week)
    sites = [site for entity in entities for site in entity.sites]
    site = first_unfinished(entities) or next(iter(sites), None) or site_to_read(request.user)
    if site:
        return redirect("epi_stocks:inventory", finess=site.finess, week=week)
    return render(request, "epi_stocks/inventory_none.html", {"week": week})


def site_to_read(user: User) -> Establishment | None:
    """For an administrator, who reads the sites of an entity and fills none."""
    reach = user.perimeter_to(Action.EPI_READ)
    if not (reach.legal_entity_ids or reach.establishment_ids):
        return None
    sites = Establishment.objects.within(reach).open()
    return sites.order_by("-is_main", "sort_name", "finess").first()


@method_decorator(allows(Action.EPI_READ, Action.EPI_WRITE), name="dispatch")
class InventoryView(View):
    """One establishment, one week."""

    def get(self, request: HttpRequest, finess: str, week: date) -> HttpResponse:
        grid = load_grid(request.user, finess, week, sizes=asked_sizes(request))
        return show(request, grid, {})

    def post(self, request: HttpRequest, finess: str, week: date) -> HttpResponse:
        """Save the cells that changed; those refused come back as typed, with the reason."""
        grid = load_grid(request.user, finess, week, sizes=asked_sizes(request))
        typed = read_form(request.POST)
        try:
            result = save_changes(request, grid, typed)
        except SavingError as error:
            raise PermissionDenied(str(error)) from error
        if result is None and not grid.may_write:
            raise PermissionDenied(grid.closed_sentence)
        outcomes = outcomes_of(result, typed)
        if replaced := replaced_sentence(result, grid):
            messages.warning(request, replaced)
        if (status := status_of(outcomes)) != 200:
            grid = load_grid(request.user, finess, week, sizes=asked_sizes(request))
            return show(request, grid, outcomes, status)
        messages.success(request, saved_sentence(len(outcomes)))
        return redirect(request.get_full_path())


def save_changes(request: HttpRequest, grid: Grid, typed: list[TypedCell]) -> SaveResult | None:
    place = {"by": request.user, "week": grid.week, "establishment_id": grid.establishment_id}
    for cell in typed:
        if cell.is_exact and not cell.is_changed and not cell.error:
            confirm_doubt(item_id=cell.item_id, measure=cell.measure, value=cell.value, **place)
    changes = [cell.as_change() for cell in typed if cell.is_changed]
    if not changes:
        return None
    profile_id = profile_number(request.POST.get("profile"))
    return save_cells(changes=changes, profile_id=profile_id, **place)


def show(
    request: HttpRequest, grid: Grid, outcomes: dict[str, Outcome], status: int = 200
) -> HttpResponse:
    entities = load_sites(request.user, grid.week, around=grid)
    context = page_context(request, grid, entities) | {
        "outcomes": outcomes,
        "undo_label": undo_label(request, grid) if grid.may_write else "",
        "unsaved_count": sum(one.is_unsaved for one in outcomes.values()),
    }
    return render(request, "epi_stocks/inventory.html", context, status=status)


def saved_sentence(count: int) -> str:
    if not count:
        return "Rien n’avait changé : toutes les cases étaient déjà enregistrées."
    return "1 case enregistrée." if count == 1 else f"{count} cases enregistrées."
