"""Which figures are kept secret, so that nobody's stock can be read nor computed from the others.

The rule is that of the official statistics on enterprises (*secret statistique*, INSEE): a figure
is told of three of them at least, and when none makes more than 85 % of it. Ours are five: two
hospitals of a small region often know each other's stock, and would find the third. What is
counted is legal entities: the pharmacies of one hospital are one contributor.

The only sums published are those of a country and of its regions. From them can be computed,
besides each of them, the sum of what is masked: it must itself be of five entities, none above
85 %. While it is not, one more region is masked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self, TypeVar

FEWEST_ENTITIES: Final = 5
LARGEST_SHARE: Final = Decimal("0.85")
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """What one entity declared of one product: stock and consumption, both known."""

    puis: int
    stock: Decimal
    daily: Decimal

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.puis + other.puis, self.stock + other.stock, self.daily + other.daily
        )


Cell = Mapping[int, Held]  # by entity
Code = TypeVar("Code", str, tuple[str, str])  # of a place


def total(cell: Cell) -> Held:
    return sum(cell.values(), Held(0, ZERO, ZERO))


def merged(cells: Iterable[Cell]) -> dict[int, Held]:
    """An entity with pharmacies in several regions is one contributor to the whole."""
    whole: dict[int, Held] = {}
    for cell in cells:
        for entity, held in cell.items():
            whole[entity] = whole[entity] + held if entity in whole else held
    return whole


def may_be_told(cell: Cell) -> bool:
    """Whether the figures of this group tell nothing of one of its entities."""
    if len(cell) < FEWEST_ENTITIES:
        return False
    whole = total(cell)
    return not any(
        held.stock > LARGEST_SHARE * whole.stock or held.daily > LARGEST_SHARE * whole.daily
        for held in cell.values()
    )


def masked_regions(
    cells: Mapping[Code, Cell],
    *,
    is_total_told: bool,
    is_tellable: Callable[[Collection[Code]], bool] | None = None,
) -> set[Code]:
    """Those that may not be told; then those that must not, else the former could be computed.

    ``is_tellable`` says it of a group of them, where more than its sum gives somebody away.
    """
    tellable = is_tellable or (lambda codes: may_be_told(merged(cells[code] for code in codes)))
    masked = {code for code in cells if not tellable([code])}
    told = sorted(set(cells) - masked, key=lambda code: (len(cells[code]), code))
    while is_total_told and masked and told and not tellable(masked):
        masked.add(told.pop(0))
    return masked
