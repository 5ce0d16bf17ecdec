"""A doctrine as it is read: a line a group, a column an item."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.numbers import format_decimal
from epi_stocks.models import EpiItem
from establishments.models import EstablishmentCategory
from orders.doctrine.grid import Grid

DASH = "–"


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    label: str
    basis: str
    cells: list[tuple[str, str]]
    categories: list[EstablishmentCategory]


def drawn_groups(grid: Grid, items: Sequence[EpiItem]) -> list[DrawnGroup]:
    codes = {code for group in grid.groups for code in group.categories}
    known = EstablishmentCategory.objects.in_bulk(codes)
    return [
        DrawnGroup(
            group.label,
            group.basis_text,
            [
                (
                    one.label,
                    format_decimal(group.ratios[one.pk]) if one.pk in group.ratios else DASH,
                )
                for one in items
            ],
            [known[code] for code in sorted(group.categories)],
        )
        for group in grid.groups
    ]
