"""What Distrilog-Santé needs of a person and a place: told by the access doctor [003]."""

from django.urls import reverse

from accounts.doctor import Application, Place
from accounts.doctor.checks import ordering_place
from establishments.perimeter import Action
from orders.eligibility import CONDITIONS


def catalogue_address(place: Place | None) -> str:
    return reverse("orders:catalogue")


def followed_address(place: Place | None) -> str:
    return reverse("orders:dashboard")


APPLICATIONS = (
    Application(
        key="commander",
        label="Commander des EPI (Distrilog-Santé)",
        verb="commander",
        action=Action.ORD_WRITE,
        order=20,
        checks=CONDITIONS,
        target=ordering_place,
        address=catalogue_address,
    ),
    Application(
        key="suivi-commandes",
        label="Suivre les commandes d’une région (Distrilog-Santé)",
        verb="suivre les commandes d’une région",
        action=Action.DASH_ORD,
        order=80,
        address=followed_address,
    ),
)
