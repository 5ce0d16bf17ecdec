"""The typing grid of a due day, below the page where one chooses how to transmit."""

from django.urls import path

from pui.urls import lists
from pui.views import grid, grid_cells, grid_transmit

__all__ = ["lists", "urlpatterns"]

GRID = "<stock_list:slug>/saisie/<int:pk>/<day:due_on>/"

urlpatterns = [
    path(GRID, grid.GridView.as_view(), name="grid"),
    path(f"{GRID}cases/", grid_cells.cells, name="grid_cells"),
    path(f"{GRID}transmettre/", grid_transmit.confirm, name="grid_confirm"),
    path(f"{GRID}reprendre/", grid.copy, name="grid_copy"),
    path(f"{GRID}annuler-la-reprise/", grid.undo, name="grid_undo"),
]
