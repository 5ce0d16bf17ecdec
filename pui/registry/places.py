"""Where the figures of medicines are read, and who answers for them."""

from datetime import date
from typing import Final

from common.indicators import Medium, Revision, Shown

CELL: Final = "Cellule nationale (ministère chargé de la santé), avec les OMEDIT"
OPENING: Final = Revision(date(2020, 11, 16), "Première définition, à l’ouverture d’e-Dispostock.")
KEPT: Final = "Recalculé dans la minute quand une PUI transmet"
REGION: Final = Shown(Medium.SCREEN, "Stocks de la région", "pui:region")
REGION_FILE: Final = Shown(Medium.FILE, "Stocks de la région, fichier du tableau (CSV, XLSX)")
STATE: Final = Shown(Medium.SCREEN, "État du stock d’une PUI", "pui:state")
LATE: Final = Shown(Medium.SCREEN, "PUI en retard", "pui:late")
SHARE: Final = Shown(Medium.SCREEN, "Répartition d’un médicament", "pui:sharing")
HOME: Final = Shown(Medium.SCREEN, "Accueil des ARS, OMEDIT et de la cellule nationale", "home")
MENU: Final = Shown(Medium.SCREEN, "Accueil d’e-Dispostock", "pui:home")
API: Final = Shown(Medium.API, "GET /api/v1/stocks")
MORNING: Final = Shown(Medium.API, "GET /api/v1/releves (relevé quotidien)")
OPEN: Final = Shown(Medium.OPEN, "Données ouvertes, stocks des PUI", "open_data")
