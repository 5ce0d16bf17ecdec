"""The workbook that a pharmacy without software fills in: the products followed, and how."""

from datetime import date

from medications.models import MonitoredList
from pui.models import Pui
from pui.transfer.columns import WRITTEN
from pui.transfer.followed import followed_by

TEXT_COLUMNS = ("UCD", "UCD13", "FINESS")  # their zeros count
NOTES = (
    "Une ligne par produit suivi. Remplissez la quantité en stock et la consommation moyenne "
    "journalière, en unités (ampoules, flacons…), jamais en boîtes, puis envoyez ce fichier tel "
    "quel.",
    "Une case vide veut dire que vous ne déclarez pas le produit\u00a0: ce n’est pas 0. Pour dire "
    "que vous n’en avez plus, écrivez 0.",
    "La consommation moyenne journalière peut avoir deux décimales\u00a0: 0,33.",
    "La péremption la plus proche est facultative\u00a0: celle des unités en stock qui périment en "
    "premier, 31/03/2027, ou 03/2027 pour la fin du mois. Elle dit quoi écouler et qui dépanner.",
    "Ne changez pas les codes. Vous pouvez supprimer les lignes des produits que vous ne détenez "
    "jamais.",
    "Rien n’est enregistré à l’envoi\u00a0: vous relisez d’abord, puis vous confirmez.",
)


def template_rows(
    pui: Pui, monitored_list: MonitoredList, due_on: date
) -> list[tuple[object, ...]]:
    """One row for each product followed that day, under ``WRITTEN``; quantities are blank."""
    finess = pui.establishment.finess
    return [
        (one.code, one.ucd13, one.label, None, None, None, finess)
        for one in followed_by(monitored_list, pui, due_on).products
    ]


__all__ = ["NOTES", "TEXT_COLUMNS", "WRITTEN", "template_rows"]
