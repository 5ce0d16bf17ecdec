"""The workbook that a pharmacy without software fills in: the products followed, and how."""

from datetime import date

from medications.models import MonitoredList
from pui.models import Pui
from pui.transfer.columns import WRITTEN
from pui.transfer.followed import followed_by

TEXT_COLUMNS = ("UCD", "UCD13", "FINESS")  # their zeros count
NOTES = [
    "Une ligne par produit suivi. Gardez la première ligne, celle des titres.",
    "Case vide\u00a0: non transmis. 0\u00a0: il n’y en a plus.",
    "Les quantités sont des unités (ampoules, flacons…), jamais des boîtes.",
    "La consommation moyenne journalière peut avoir deux décimales\u00a0: 0,33.",
    "Les codes UCD ont 7 ou 13 chiffres, en texte.",
    "Rien n’est transmis avant que vous ayez vu le contrôle du fichier et confirmé.",
]


def template_rows(
    pui: Pui, monitored_list: MonitoredList, due_on: date
) -> list[tuple[object, ...]]:
    """One row for each product followed that day, under ``WRITTEN``; quantities are blank."""
    finess = pui.establishment.finess
    return [
        (one.code, one.ucd13, one.label, None, None, finess)
        for one in followed_by(monitored_list, pui, due_on).products
    ]


__all__ = ["NOTES", "TEXT_COLUMNS", "WRITTEN", "template_rows"]
