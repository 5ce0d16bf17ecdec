"""How the pages of mutual aid reach their rows, and what they share."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from establishments.access import refusal
from establishments.perimeter import Action
from establishments.redistribution.timeline import PEOPLE
from pui.aid.part import PART, WITH_PLACES
from pui.aid.rights import may, visible_needs, visible_transfers
from pui.models import MedicineNeed, MedicineTransfer

LABEL = "Entraide"


def require_medicines(request: HttpRequest, action: Action) -> None:
    """Raise PermissionDenied: the right is there, but not for medicines."""
    if not may(request.user, action):
        raise PermissionDenied(refusal(action))


def home_url() -> str:
    return f"{reverse('aid')}?onglet={PART.key}"


def trail() -> list[tuple[str, str]]:
    return [(LABEL, home_url())]


def need_of(request: HttpRequest, pk: int) -> MedicineNeed:
    """Out of reach, a need does not exist."""
    rows = visible_needs(request.user).select_related(
        "pui__establishment__region", "reference", "opened_by", "ended_by"
    )
    found: MedicineNeed = get_object_or_404(rows, pk=pk)
    return found


def transfer_of(request: HttpRequest, pk: int) -> MedicineTransfer:
    rows = visible_transfers(request.user).select_related(*WITH_PLACES, *PEOPLE)
    found: MedicineTransfer = get_object_or_404(rows, pk=pk)
    return found
