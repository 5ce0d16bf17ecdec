"""EPI-Stocks: the weekly inventory and the real-time view."""

from django.urls import path

from epi_stocks.views.inventory import InventoryView, inventory_start
from epi_stocks.views.inventory_cells import cells
from epi_stocks.views.inventory_copy import inventory_copy, inventory_total, inventory_undo
from epi_stocks.views.inventory_coverage import inventory_coverage
from epi_stocks.views.inventory_reopening import inventory_reopen

GRID = "inventaire/<finess:finess>/<week:week>/"

app_name = "epi_stocks"
inventory_urls = [
    path("inventaire/", inventory_start, name="inventory_start"),
    path(GRID, InventoryView.as_view(), name="inventory"),
    path(f"{GRID}cases/", cells, name="inventory_cells"),
    path(f"{GRID}reprendre/", inventory_copy, name="inventory_copy"),
    path(f"{GRID}annuler/", inventory_undo, name="inventory_undo"),
    path(f"{GRID}couverture/", inventory_coverage, name="inventory_coverage"),
    path(f"{GRID}reouverture/", inventory_reopen, name="inventory_reopen"),
    path(f"{GRID}total/<int:item_id>/", inventory_total, name="inventory_total"),
]
urlpatterns = inventory_urls
