"""EPI-Stocks: the weekly inventory and the real-time view."""

from django.urls import path

from epi_stocks.views.inventory import InventoryView, inventory_start
from epi_stocks.views.inventory_cells import cells
from epi_stocks.views.inventory_copy import inventory_copy, inventory_total, inventory_undo
from epi_stocks.views.inventory_coverage import inventory_coverage
from epi_stocks.views.inventory_files import inventory_file, inventory_files
from epi_stocks.views.inventory_import import (
    inventory_import,
    inventory_import_apply,
    inventory_import_errors,
    inventory_import_template,
)
from epi_stocks.views.inventory_import_followed import (
    inventory_import_cancel,
    inventory_import_followed,
    inventory_import_restart,
)
from epi_stocks.views.inventory_reopening import inventory_reopen
from epi_stocks.views.inventory_sites import inventory_sites
from epi_stocks.views.inventory_supply import inventory_supply
from epi_stocks.views.settings import epi_settings
from epi_stocks.views.start import start
from epi_stocks.views.visu import visu, visu_file, visu_live
from epi_stocks.views.visu_alerts import visu_alerts
from epi_stocks.views.visu_elsewhere import visu_elsewhere
from epi_stocks.views.visu_establishment import visu_establishment

GRID = "inventaire/<finess:finess>/<week:week>/"
IMPORT = "import/<int:import_id>/"

app_name = "epi_stocks"
inventory_urls = [
    path(f"{GRID}cases/", cells, name="inventory_cells"),  # first: each cell typed comes here
    path("", start, name="start"),
    path("inventaire/", inventory_start, name="inventory_start"),
    path(GRID, InventoryView.as_view(), name="inventory"),
    path(f"{GRID}etablissements/", inventory_sites, name="inventory_sites"),
    path(f"{GRID}reprendre/", inventory_copy, name="inventory_copy"),
    path(f"{GRID}annuler/", inventory_undo, name="inventory_undo"),
    path(f"{GRID}apports/", inventory_supply, name="inventory_supply"),
    path(f"{GRID}couverture/", inventory_coverage, name="inventory_coverage"),
    path(f"{GRID}reouverture/", inventory_reopen, name="inventory_reopen"),
    path(f"{GRID}total/<int:item_id>/", inventory_total, name="inventory_total"),
    path("telecharger/<finess:finess>/", inventory_files, name="inventory_files"),
    path("telecharger/<finess:finess>/fichier/", inventory_file, name="inventory_file"),
    path("reglages/", epi_settings, name="settings"),
    path("import/", inventory_import, name="inventory_import"),
    path("import/refus/", inventory_import_errors, name="inventory_import_errors"),
    path("import/modele/<week:week>/", inventory_import_template, name="inventory_import_template"),
    path(IMPORT, inventory_import_followed, name="inventory_import_followed"),
    path(f"{IMPORT}confirmer/", inventory_import_apply, name="inventory_import_apply"),
    path(f"{IMPORT}abandonner/", inventory_import_cancel, name="inventory_import_cancel"),
    path(f"{IMPORT}relancer/", inventory_import_restart, name="inventory_import_restart"),
]
visu_urls = [
    path("visu/", visu, name="visu"),
    path("visu/direct/", visu_live, name="visu_live"),
    path("visu/alertes/", visu_alerts, name="visu_alerts"),
    path("visu/autres-regions/", visu_elsewhere, name="visu_elsewhere"),
    path("visu/telecharger/<slug:table>/<slug:kind>/", visu_file, name="visu_file"),
    path("visu/<finess:finess>/", visu_establishment, name="visu_establishment"),
]
urlpatterns = inventory_urls + visu_urls
