"""What the grid is made of: a line for each product followed, three cells a line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from common.cover import Level, days_of_cover
from common.numbers import format_decimal
from medications.calendar import Period
from medications.models import MonitoredList, Priority, Product
from pui.expiry import is_expired
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


Content = Decimal | date | None  # a quantity, or an expiry
Values = Mapping[Key, Content]


def shown(value: Content) -> str:
    """Write a value as a cell does; blank stays blank, never 0."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else format_decimal(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """``value``: typed, else what is in force that day; ``previous``: the declaration before."""

    key: Key
    value: Content
    previous: Content

    @property
    def is_expiry(self) -> bool:
        return self.key.measure == Measure.EXPIRY

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
    Measure.EXPIRY: "Péremption la plus proche",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The end of a line: days of cover, and what they rest on when it is not plain."""

    now: Quantities
    before: Quantities
    due_on: date

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
        return ", ".join(filter(None, (self._quantities_note, self._expiry_note)))

    @property
    def _quantities_note(self) -> str:
        stock, daily, _expiry = self.now
        if stock is None and daily is None:
            return "rien de saisi"
        if self.gaps:
            return f"à vérifier{NO_BREAK}: {', '.join(self.gaps)}"
        if self.level is Level.UNKNOWN:
            return "stock non renseigné" if stock is None else "consommation non renseignée"
        return ""

    @property
    def _expiry_note(self) -> str:
        stock, _daily, expiry = self.now
        if expiry is None:
            return ""
        if not stock:
            return "sans stock, la péremption n’est pas transmise"
        return "périmé, à vérifier" if is_expired(expiry, self.due_on) else ""

    def as_json(self) -> dict[str, str]:
        return {
            "days": self.days_text,
            "level": self.css_class.removeprefix("app-classe--"),
            "word": self.level.label,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One product; without any quantity it is not declared, whatever its expiry."""

    product: Product
    priority: Priority
    due_on: date
    stock: Cell
    daily: Cell
    expiry: Cell

    @property
    def cells(self) -> tuple[Cell, Cell, Cell]:
        return self.stock, self.daily, self.expiry

    @property
    def figures(self) -> Figures:
        now = quantities_of({one.key: one.value for one in self.cells}, self.product.pk)
        was = quantities_of({one.key: one.previous for one in self.cells}, self.product.pk)
        return Figures(now, was, self.due_on)

    @property
    def is_begun(self) -> bool:
        return self.stock.value is not None or self.daily.value is not None


@dataclass(slots=True)
class Grid:
    """One pharmacy, one list, one due day."""

    pui: Pui
    monitored_list: MonitoredList
    period: Period
    rows: list[Row] = field(default_factory=list)
    previous_on: date | None = None  # the due day of the declaration shown beside the cells
    in_force: Transmission | None = None  # what a correction starts from, and replaces
    hidden: Mapping[Key, Content] = field(default_factory=dict)  # in force, under older cells
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
    def has_expiry(self) -> bool:
        """Whether some expiry is typed, or was declared the last time."""
        cells = (row.expiry for row in self.rows)
        return any(cell.value or cell.previous for cell in cells)

    @property
    def values(self) -> dict[Key, Content]:
        return {cell.key: cell.value for cell in self.cells}


def quantities_of(values: Values, product_id: int) -> Quantities:
    """What one product holds, among the values of a grid."""
    found: Any = (values.get(Key(product_id, one.value)) for one in MEASURES)
    return Quantities(*found)
