"""What the grid is made of: a line for each product followed, two cells a line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from common.cover import Level, days_of_cover
from common.numbers import format_decimal
from medications.calendar import Period
from medications.models import MonitoredList, Priority, Product
from pui.models import DraftCell, Pui, Transmission
from pui.transfer.changes import Quantities, gaps_between

Measure = DraftCell.Measure
MEASURES = tuple(Measure)
NO_BREAK = "\u00a0"


class Key(NamedTuple):
    """Where a value stands: which product, which column."""

    product_id: int
    measure: str

    @property
    def name(self) -> str:
        """That of its box in the form."""
        return f"{self.product_id}-{self.measure}"


Values = Mapping[Key, Decimal | None]


def shown(value: Decimal | None) -> str:
    """Write a value as a cell does; blank stays blank, never 0."""
    return "" if value is None else format_decimal(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """``value``: typed, else what is in force that day; ``previous``: the declaration before."""

    key: Key
    value: Decimal | None
    previous: Decimal | None

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def label(self) -> str:
        return LABELS[self.key.measure]

    @property
    def text(self) -> str:
        return shown(self.value)

    @property
    def previous_text(self) -> str:
        return shown(self.previous) or "vide"

    @property
    def had(self) -> str:
        return shown(self.previous)

    @property
    def is_missing(self) -> bool:
        """Blank, although the last time something stood there."""
        return self.value is None and self.previous is not None


LABELS = {
    Measure.STOCK: "Quantité en stock",
    Measure.DAILY: "Consommation moyenne journalière",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The end of a line: days of cover, and what they rest on when it is not plain."""

    now: Quantities
    before: Quantities

    @property
    def level(self) -> Level:
        return self.now.level

    @property
    def css_class(self) -> str:
        return self.level.css_class

    @property
    def days_text(self) -> str:
        """« 22 j », « 6,9 j »: tenths only where they separate two levels."""
        days = days_of_cover(self.now.stock, self.now.daily)
        if days is None:
            return ""
        return f"{format_decimal(days if days < 10 else int(days))}{NO_BREAK}j"

    @property
    def gaps(self) -> list[str]:
        return gaps_between(self.before, self.now)

    @property
    def note(self) -> str:
        stock, daily = self.now
        if stock is None and daily is None:
            return "rien de saisi"
        if self.gaps:
            return f"à vérifier{NO_BREAK}: {', '.join(self.gaps)}"
        if self.level is Level.UNKNOWN:
            return "stock non renseigné" if stock is None else "consommation non renseignée"
        return ""

    def as_json(self) -> dict[str, str]:
        return {
            "days": self.days_text,
            "level": self.css_class.removeprefix("app-classe--"),
            "word": self.level.label,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Row:
    product: Product
    priority: Priority
    stock: Cell
    daily: Cell

    @property
    def cells(self) -> tuple[Cell, Cell]:
        return self.stock, self.daily

    @property
    def figures(self) -> Figures:
        return Figures(
            Quantities(self.stock.value, self.daily.value),
            Quantities(self.stock.previous, self.daily.previous),
        )

    @property
    def is_begun(self) -> bool:
        return any(cell.value is not None for cell in self.cells)


@dataclass(slots=True)
class Grid:
    """One pharmacy, one list, one due day."""

    pui: Pui
    monitored_list: MonitoredList
    period: Period
    rows: list[Row] = field(default_factory=list)
    previous_on: date | None = None  # the due day of the declaration shown beside the cells
    in_force: Transmission | None = None  # what a correction starts from, and replaces
    hidden: Mapping[Key, Decimal | None] = field(
        default_factory=dict
    )  # in force, under older cells
    has_draft: bool = False
    saved_at: datetime | None = None
    saved_by: str = ""
    is_open: bool = False
    reopened_until: datetime | None = None

    @property
    def due_on(self) -> date:
        return self.period.due_on

    @property
    def cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row.cells)

    @property
    def filled(self) -> int:
        return sum(cell.value is not None for cell in self.cells)

    @property
    def missing(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_missing]

    @property
    def values(self) -> dict[Key, Decimal | None]:
        return {cell.key: cell.value for cell in self.cells}


def quantities_of(values: Values, product_id: int) -> Quantities:
    """Stock and daily consumption of one product, among the values of a grid."""
    return Quantities(*(values.get(Key(product_id, one.value)) for one in MEASURES))
