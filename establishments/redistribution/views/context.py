"""How the pages of mutual aid reach their rows, and what they share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from establishments.access import refusal
from establishments.perimeter import Action
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.rights import may, visible_needs, visible_transfers
from establishments.redistribution.timeline import PEOPLE
from establishments.redistribution.trade import Trade

LABEL = "Entraide"


def require(trade: Trade, user: Any, action: Action) -> None:
    """Raise PermissionDenied: the right is there, but not for these goods."""
    if not may(trade, user, action):
        raise PermissionDenied(refusal(action))


def home_url(trade: Trade) -> str:
    return f"{reverse('aid')}?onglet={trade.key}"


def shared(trade: Trade) -> dict[str, Any]:
    """What every page says: the trade, and the way back."""
    return {"trade": trade, "above": [(LABEL, home_url(trade))], "back": home_url(trade)}


def need_of(request: HttpRequest, trade: Trade, pk: int) -> Need:
    """Out of reach, a need does not exist."""
    rows = visible_needs(trade, request.user).prefetch_related("transfers")
    found: Need = get_object_or_404(
        rows.select_related(*trade.with_place, "opened_by", "ended_by"), pk=pk
    )
    return found


def transfer_of(request: HttpRequest, trade: Trade, pk: int) -> Transfer:
    rows = visible_transfers(trade, request.user)
    found: Transfer = get_object_or_404(rows.select_related(*trade.with_places, *PEOPLE), pk=pk)
    return found
