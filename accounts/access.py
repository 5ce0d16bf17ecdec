"""What PLAGE needs of a person and a place: told by the access doctor."""

from django.urls import reverse

from accounts.doctor import Application, Place
from establishments.perimeter import Action


def requests_address(place: Place | None) -> str:
    return reverse("plage:requests")


APPLICATIONS = (
    Application(
        key="administrer",
        label="Administrer les profils (PLAGE)",
        verb="administrer les profils",
        action=Action.PROF_DECIDE_ETAB,
        order=40,
        address=requests_address,
    ),
    Application(
        key="administrer-structures",
        label="Administrer les profils régionaux et nationaux (PLAGE)",
        verb="administrer les profils régionaux et nationaux",
        action=Action.PROF_DECIDE_REG,
        order=42,
        address=requests_address,
    ),
)
