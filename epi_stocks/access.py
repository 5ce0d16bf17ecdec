"""What EPI-Stocks needs of a person and a place: told by the access doctor."""

from django.urls import reverse

from accounts.doctor import Application, Facts, Finding, Place
from accounts.doctor.checks import is_open
from common.weeks import current_week
from establishments.models import Establishment
from establishments.perimeter import Action


def declares_this_week(place: Place, facts: Facts) -> Finding:
    """A site that closed during the week still declares it, as its grid says."""
    if place.closed_on and place.closed_on >= current_week():
        return Finding(
            "L’établissement est connu et ouvert",
            True,
            f"{place}, {place.finess_text}, ferme le {place.closed_on:%d/%m/%Y}.",
        )
    return is_open(place, facts)


def grid_address(place: Place | None) -> str:
    if isinstance(place, Establishment):
        return reverse("epi_stocks:inventory", args=[place.finess, current_week()])
    return reverse("epi_stocks:inventory_start")


def visu_address(place: Place | None) -> str:
    if isinstance(place, Establishment):
        return reverse("epi_stocks:visu_establishment", args=[place.finess])
    return reverse("epi_stocks:visu")


APPLICATIONS = (
    Application(
        key="inventaire-epi",
        label="Remplir l’inventaire EPI (EPI-Stocks)",
        verb="remplir l’inventaire des EPI",
        action=Action.EPI_WRITE,
        order=10,
        checks=(declares_this_week,),
        address=grid_address,
    ),
    Application(
        key="suivi-epi",
        label="Suivre les EPI d’un territoire (EPI-Stocks)",
        verb="suivre les EPI d’un territoire",
        action=Action.DASH_EPI,
        order=60,
        address=visu_address,
    ),
)
