"""Doses into vials, as SPF ships them [000]: rounded up for each recipient, then added up."""

from collections.abc import Iterable
from dataclasses import dataclass


def vials_for(doses: int, per_vial: int) -> int:
    """Whole vials that hold ``doses``; ``per_vial`` is that of the day of the delivery."""
    return -(-doses // per_vial)


@dataclass(frozen=True, slots=True)
class Packed:
    """``doses`` ordered, ``vials`` shipped, and the doses that these hold beyond the order."""

    doses: int = 0
    vials: int = 0
    overfill: int = 0

    def __add__(self, other: "Packed") -> "Packed":
        return Packed(
            self.doses + other.doses, self.vials + other.vials, self.overfill + other.overfill
        )


def packed(doses: int, per_vial: int) -> Packed:
    vials = vials_for(doses, per_vial)
    return Packed(doses, vials, vials * per_vial - doses)


def total(each: Iterable[Packed]) -> Packed:
    """Of one pharmacy: its recipients are rounded up one by one, never together."""
    whole = Packed()
    for one in each:
        whole = whole + one
    return whole
