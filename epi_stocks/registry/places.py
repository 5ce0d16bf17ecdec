"""Where the figures of the protective equipment are read, and who answers for them."""

from datetime import date
from typing import Final

from common.indicators import Medium, Revision, Shown

CELL: Final = "Cellule nationale (ministère chargé de la santé)"
OPENING: Final = Revision(date(2020, 11, 9), "Première définition, à l’ouverture d’EPI-Stocks.")
KEPT: Final = "Recalculé toutes les quarante secondes\u00a0; la semaine se fige à sa clôture"
VISU: Final = Shown(Medium.SCREEN, "Visu EPI", "epi_stocks:visu")
PLACES: Final = Shown(Medium.FILE, "Visu EPI, fichier des territoires (CSV, XLSX)")
SITES: Final = Shown(Medium.FILE, "Visu EPI, fichier des établissements (CSV, XLSX)")
HOME: Final = Shown(Medium.SCREEN, "Accueil des ARS et de la cellule nationale", "home")
WATCH: Final = Shown(Medium.SCREEN, "Distrilog-Santé, suivi des tensions", "orders:watch")
OPEN: Final = Shown(Medium.OPEN, "Données ouvertes, équipements de protection", "open_data")
GRID: Final = Shown(Medium.SCREEN, "Grille d’inventaire", "epi_stocks:inventory_start")
