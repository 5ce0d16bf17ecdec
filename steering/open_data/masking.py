"""The secret of figures of two levels: departments in regions, regions in the country.

The rule of one level is that of the pharmacies (``pui.open_data.masking``): five contributors, none
above 85 %, and what is masked beside a total told must itself be tellable. Here the departments of
a masked region are all masked: from those told could be computed a part of what the region hides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pui.open_data.masking import FEWEST_ENTITIES, Cell, masked_regions, may_be_told, merged

Place = tuple[str, str]  # a region, a department of it
Cells = Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Secret:
    """What may not be told of one thing counted."""

    country: bool = False
    regions: frozenset[str] = frozenset()
    departments: frozenset[Place] = field(default_factory=frozenset)


def regions_of(cells: Cells) -> dict[str, Cell]:
    """Each region, with all that its departments hold."""
    return {code: merged(cells[one] for one in of) for code, of in _by_region(cells).items()}


def secret_of(cells: Cells, earlier: Sequence[Cells] = ()) -> Secret:
    """``earlier``: the same of the weeks before, whose values may still be counted."""
    moves = [moved(cells, before) for before in earlier]
    gone: dict[Place, Cell] = {place: {} for move in moves for place in move}
    every = gone | dict(cells)  # whom a place has lost is told by the difference too

    def is_tellable(places: Iterable[Place]) -> bool:
        asked = list(places)
        held = merged(every[place] for place in asked)
        changed = [{who for place in asked for who in move.get(place, ())} for move in moves]
        return (not held or may_be_told(held)) and all(
            not one or len(one) >= FEWEST_ENTITIES for one in changed
        )

    inside = _by_region(every)
    is_told = is_tellable(every)
    masked = masked_regions(
        regions_of(every),
        is_total_told=is_told,
        is_tellable=lambda codes: is_tellable(one for code in codes for one in inside[code]),
    )
    departments: set[Place] = set()
    for region, places in inside.items():
        hidden = set(places)
        if region not in masked:
            hidden = masked_regions(
                {place: every[place] for place in places},
                is_total_told=True,
                is_tellable=is_tellable,
            )
        departments |= hidden
    return Secret(not is_told, frozenset(masked), frozenset(departments))


def moved(now: Cells, before: Cells) -> dict[Place, set[int]]:
    """Who changed from one week to the other; places where nobody did are not in."""
    places = {**now, **before}
    found = {one: _changed(now.get(one, {}), before.get(one, {})) for one in places}
    return {place: who for place, who in found.items() if who}


def _changed(now: Cell, before: Cell) -> set[int]:
    return {one for one in {*now, *before} if now.get(one) != before.get(one)}


def _by_region(cells: Cells) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in cells:
        found.setdefault(place[0], []).append(place)
    return found
