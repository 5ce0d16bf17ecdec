"""Where to ask for what is missing, and how to remind those who have been asked."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.doctor.application import Right, Step
from accounts.models import AccessRequest, Profile
from accounts.services.profiles import Entity
from accounts.services.requests import may_remind
from establishments.models import AdministrativeBody


def ask_profile_step(entity: Entity | None, right: Right | None) -> Step:
    """The form of a request, filled with what the doctor found."""
    match entity:
        case None:
            return Step("Demander un profil", reverse("profiles:ask"))
        case AdministrativeBody():
            address = reverse("profiles:ask_body", args=[entity.pk])
        case _:
            address = reverse("profiles:ask_place", args=[entity.finess])
    return Step("Demander ce profil (formulaire prérempli)", _with(address, right))


def ask_habilitation_step(profile: Profile, right: Right | None) -> Step:
    """More on a profile that one holds already."""
    address = reverse("profiles:ask_more", args=[profile.pk])
    return Step("Demander cette habilitation", _with(address, right))


def remind_step(waiting: AccessRequest | None) -> Step | None:
    """Once those who decide have had a working day."""
    if waiting is None or not may_remind(waiting):
        return None
    return Step("Relancer", reverse("profiles:remind", args=[waiting.pk]), fields=())


def _with(address: str, right: Right | None) -> str:
    if right is None:
        return address
    return f"{address}?{urlencode({'droit': f'{right[0].value}:{right[1].value}'})}"
