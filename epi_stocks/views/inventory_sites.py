"""Every site a person fills or reads: where those lead who have too many for a drop-down."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.tables import show_page
from epi_stocks.grid import load_grid, load_sites
from epi_stocks.inventory_tables import InventorySiteTable, ListedSite, found_sites
from epi_stocks.views.inventory_context import trail, urgency
from establishments.access import allows
from establishments.perimeter import Action

PER_PAGE = 50


@allows(Action.EPI_READ, Action.EPI_WRITE)
@require_safe
def inventory_sites(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """The same sites as on the grid, all of them, to search by name or number."""
    grid = load_grid(request.user, finess, week)
    text = request.GET.get("recherche", "")
    rows = [
        ListedSite(
            site,
            entity.name,
            reverse("epi_stocks:inventory", args=[site.finess, week]),
            urgency(site),
        )
        for entity, site in found_sites(load_sites(request.user, week, around=grid), text)
    ]
    table = InventorySiteTable(rows)
    show_page(request, table, per_page=PER_PAGE)
    context = {"grid": grid, "above": trail(grid), "table": table, "text": text}
    return render(request, "epi_stocks/inventory_sites_list.html", context)
