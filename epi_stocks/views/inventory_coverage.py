"""Centralised stock: which sites this table covers, ticked on the main site's page."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from epi_stocks.grid import load_grid
from epi_stocks.services.coverage import CoverageError, set_covered_sites
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action

MOST_SITES = 1000


@require_POST
@allows(Action.EPI_WRITE)
def inventory_coverage(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    """From this week on, this site declares for exactly the sites ticked."""
    grid = load_grid(request.user, finess, week)
    if not grid.may_write:
        raise PermissionDenied(grid.closed_sentence)
    ticked = [text for text in request.POST.getlist("couvre")[:MOST_SITES] if text.isascii()]
    covered = [int(text) for text in ticked if text.isdigit() and len(text) < 19]
    try:
        coverage = set_covered_sites(
            by=request.user,
            declaring=Establishment.objects.get(pk=grid.establishment_id),
            covered_ids=covered,
            week=week,
        )
    except CoverageError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Couverture enregistrée : {coverage.sentence}.")
    return redirect("epi_stocks:inventory", finess=finess, week=week)
