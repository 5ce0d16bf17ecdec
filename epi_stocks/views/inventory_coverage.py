"""Centralised stock: which sites this table covers, ticked on the main site's page."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from epi_stocks.grid import load_grid, load_sites
from epi_stocks.services.coverage import CoverageError, CoveredSites, set_covered_sites
from epi_stocks.views.inventory_context import coverable_sites, entity_of, trail
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action


@allows(Action.EPI_WRITE)
def inventory_coverage(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """From this week on, this site declares for the sites ticked, no longer for those unticked.

    Shown on its own where the page of the grid has no room for every site.
    """
    grid = load_grid(request.user, finess, week)
    if not grid.may_write:
        raise PermissionDenied(grid.closed_sentence)
    if request.method != "POST":
        entity = entity_of(load_sites(request.user, week, around=grid))
        context = {"grid": grid, "above": trail(grid), "coverable": coverable_sites(grid, entity)}
        return render(request, "epi_stocks/inventory_coverage.html", context)
    try:
        covered = set_covered_sites(
            by=request.user,
            declaring=Establishment.objects.get(pk=grid.establishment_id),
            ticked_ids=read_sites(request.POST.getlist("couvre")),
            seen_ids=read_sites(request.POST.getlist("vu")),
            week=week,
        )
    except CoverageError as error:
        messages.error(request, str(error))
    else:
        tell(request, covered)
    return redirect("epi_stocks:inventory", finess=finess, week=week)


def read_sites(texts: list[str]) -> set[int]:
    """Refuse the whole when one is unreadable: leaving it out would untick it."""
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise SuspiciousOperation("site illisible")
    return {int(text) for text in texts}


def tell(request: HttpRequest, covered: CoveredSites) -> None:
    messages.success(request, f"Couverture enregistrée : {covered.coverage.sentence}.")
    if names := covered.changed_meanwhile:
        messages.warning(
            request,
            f"Depuis l’affichage de la page, une autre personne a changé : {', '.join(names)}. "
            "Son choix est gardé.",
        )
