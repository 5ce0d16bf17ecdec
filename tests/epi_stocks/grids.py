"""What the tests of the grid's screens share: its address, a fill, what a cell then holds."""

from django.urls import reverse

from common.weeks import current_week
from epi_stocks.models import InventoryLine
from epi_stocks.services.saving import CellChange, save_cells


def page(site, week=None):
    return reverse("epi_stocks:inventory", args=[site.finess, week or current_week()])


def fill(user, site, *cells, week=None):
    """Save (item, measure, value) cells as that person."""
    return save_cells(
        by=user,
        week=week or current_week(),
        establishment_id=site.pk,
        changes=[CellChange(item, measure, value, None) for item, measure, value in cells],
    )


def stock(site, item=1, week=None):
    found = InventoryLine.objects.filter(
        week=week or current_week(), establishment=site, item=item
    ).first()
    return found and found.stock


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")
