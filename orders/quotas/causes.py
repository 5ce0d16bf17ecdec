"""Why a beneficiary would receive less: what differs between two calculations, in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common.numbers import format_integer
from orders.models import Allocation
from orders.quotas.words import exact_text, percent_text

ONE = "1"
PLACE, CAPACITY, RATIO = 0, 2, 4
Inputs = Mapping[str, Any]


def causes(a: Allocation, b: Allocation, before: Inputs | None, after: Inputs | None) -> str:
    """« ratio 6 → 5 ; 34 places au lieu de 62 »."""
    if after is None:
        return "n’est plus bénéficiaire"
    before = before or {}
    found = [
        *_of_sites(_sites(before), _sites(after)),
        _changed("coefficient régional", before.get("region", ONE), after.get("region", ONE)),
        _adjusted(before, after),
        _changed("coefficient de l’équipement", str(a.item_factor), str(b.item_factor)),
        _level(a, b),
        _pack(a, b),
    ]
    return "\u00a0; ".join(filter(None, found)) or "arrondi au colis"


def _sites(inputs: Inputs) -> dict[int, list[Any]]:
    return {one[PLACE]: one for one in inputs.get("sites", ())}


def _of_sites(before: dict[int, list[Any]], after: dict[int, list[Any]]) -> list[str]:
    found = []
    gone = len(before.keys() - after.keys())
    if gone:
        found.append(f"{gone} établissement{'s' if gone > 1 else ''} de moins")
    common = before.keys() & after.keys()
    was = sum(before[key][CAPACITY] or 0 for key in common)
    becomes = sum(after[key][CAPACITY] or 0 for key in common)
    if was != becomes:
        found.append(f"capacité {format_integer(becomes)} au lieu de {format_integer(was)}")
    ratios = {(before[key][RATIO], after[key][RATIO]) for key in common}
    found += sorted(
        f"ratio {_ratio(old)} → {_ratio(new)}" for old, new in ratios if _ratio(old) != _ratio(new)
    )
    return found


def _ratio(text: str | None) -> str:
    return exact_text(Decimal(text)) if text else "aucun"


def _changed(what: str, old: str, new: str) -> str:
    old, new = exact_text(Decimal(old)), exact_text(Decimal(new))
    return f"{what} {old} → {new}" if old != new else ""


def _adjusted(before: Inputs, after: Inputs) -> str:
    if before.get("adjustment") == after.get("adjustment"):
        return ""
    if "adjustment" not in after:
        return f"fin d’un ajustement individuel (× {exact_text(Decimal(before['adjustment']))})"
    factor = exact_text(Decimal(after["adjustment"]))
    return f"ajustement individuel × {factor}, {after.get('reason', '')}"


def _level(a: Allocation, b: Allocation) -> str:
    if a.level == b.level:
        return ""
    return f"part du besoin servie {percent_text(a.level or 0)} → {percent_text(b.level or 0)}"


def _pack(a: Allocation, b: Allocation) -> str:
    if a.pack == b.pack:
        return ""
    return f"colis de {format_integer(a.pack)} → {format_integer(b.pack)}"
