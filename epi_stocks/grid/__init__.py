"""What the inventory page shows: the grid of one establishment and week, and the sites beside it.

One statement each; the words of the states live here, once, for the page, the drop-down and files.
"""

from epi_stocks.grid.reading import load_grid
from epi_stocks.grid.shapes import Cell, Entity, Grid, GridRow, Site, SiteState
from epi_stocks.grid.sites import load_sites

__all__ = [
    "Cell",
    "Entity",
    "Grid",
    "GridRow",
    "Site",
    "SiteState",
    "load_grid",
    "load_sites",
]
