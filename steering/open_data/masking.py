"""The secret of figures of two levels: departments in regions, regions in the country.

The rule of one level is that of the pharmacies (``pui.open_data.masking``): five contributors, none
above 85 %, and what is masked beside a total told must itself be tellable. Here the departments of
a masked region are all masked: from those told could be computed a part of what the region hides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pui.open_data.masking import Cell, masked_regions, may_be_told, merged

Place = tuple[str, str]  # a region, a department of it


@dataclass(frozen=True, slots=True)
class Secret:
    """What may not be told of one thing counted."""

    country: bool = False
    regions: frozenset[str] = frozenset()
    departments: frozenset[Place] = field(default_factory=frozenset)


def regions_of(cells: Mapping[Place, Cell]) -> dict[str, Cell]:
    """Each region, with all that its departments hold."""
    codes = {region for region, _ in cells}
    return {
        code: merged(cell for (region, _), cell in cells.items() if region == code)
        for code in codes
    }


def secret_of(cells: Mapping[Place, Cell]) -> Secret:
    regions = regions_of(cells)
    is_told = may_be_told(merged(regions.values()))
    masked = masked_regions(regions, is_total_told=is_told)
    departments: set[Place] = set()
    for region in regions:
        inside = {place[1]: cell for place, cell in cells.items() if place[0] == region}
        hidden = set(inside) if region in masked else masked_regions(inside, is_total_told=True)
        departments |= {(region, code) for code in hidden}
    return Secret(not is_told, frozenset(masked), frozenset(departments))
