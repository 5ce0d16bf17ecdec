"""Why a donor was proposed: kept with the transfer as it was then, told in one sentence."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from common.cover import days_of_cover
from establishments.redistribution.distance import Distance, Source
from pui.aid.stocks import KEPT_DAYS, ZERO, Held
from pui.models import MedicineTransfer
from pui.region.figures import days_text, quantity_text

NO_BREAK: Final = "\u00a0"


def explanation_of(held: Held) -> dict[str, Any]:
    """What the proposal rests on, as JSON: figures as text, so that they come back equal."""
    return {
        "stock": str(held.stock),
        "daily": str(held.daily),
        "promised": held.promised,
        "unit": held.unit,
        "declared_on": held.declared_on.isoformat() if held.declared_on else "",
    }


def unit_text(quantity: int | Decimal, unit: str) -> str:
    """« 1 200 ampoules », « 1 ampoule »."""
    word = unit if quantity < 2 or unit.endswith("s") else f"{unit}s"
    return f"{quantity_text(Decimal(quantity))}{NO_BREAK}{word}"


def distance_of(transfer: MedicineTransfer) -> Distance:
    return Distance(transfer.distance_km, Source(transfer.distance_source))


def sentence_of(transfer: MedicineTransfer) -> str:
    """« 820 ampoules en stock, 12,5 par jour : 65,6 j de couverture, 57,6 après ; à 42 km. »"""
    told = transfer.explanation
    if not told:
        return ""
    stock, daily = Decimal(told["stock"]), Decimal(told["daily"])
    promised = int(told["promised"])
    left = max(ZERO, stock - promised)
    declared = f"{date.fromisoformat(told['declared_on']):%d/%m}" if told["declared_on"] else ""
    parts = [
        f"{unit_text(stock, told['unit'])} en stock (échéance du {declared})",
        f"{unit_text(promised, told['unit'])} déjà promises à d’autres" if promised else "",
        _cover_text(left, daily, transfer.quantity),
    ]
    said = ", ".join(filter(None, parts))
    return f"{said}{NO_BREAK}; {distance_of(transfer).text}."


def _cover_text(left: Decimal, daily: Decimal, given: int) -> str:
    if not daily:
        return "aucune consommation déclarée"
    after = max(ZERO, left - given)
    return (
        f"{quantity_text(daily)} par jour{NO_BREAK}: {days_text(days_of_cover(left, daily))} de "
        f"couverture, {days_text(days_of_cover(after, daily))} après ce don (au moins {KEPT_DAYS}"
        f"{NO_BREAK}j gardés)"
    )
