"""A declaration between its reading and its confirmation: kept as JSON in ``content``.

Nothing is chosen before the person does: a proposal gives its reason and is never applied by
itself, a large change waits for « C’est exact », a refused line says what is accepted.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Self

from common.dates import DayInput
from common.numbers import NumberInput
from common.refusal import RefusedValueError
from common.tabular import CellValue
from pui.transfer.columns import EXPIRY, UCD

HUNDREDTH = Decimal("0.01")


class Kind(StrEnum):
    """What a line costs most if it is missed, in the order of the page."""

    REFUSED = "refused"  # cannot be read: to be corrected in the file
    UNKNOWN = "unknown"  # its code is none of the list: which product is it?
    CHANGE = "change"  # far from the last declaration: is it exact?
    OUTSIDE = "outside"  # of no list and like nothing followed: set aside, and told
    FINE = "fine"


class Answer(StrEnum):
    """What the person decides of an unknown code or of a large change."""

    EXACT = "exact"
    CHOSEN = "chosen"  # the product of ``chosen_id``
    SKIP = "skip"


class RawLine(NamedTuple):
    """A line as received, before any check; its numbers may be text, as typed or written.

    ``codes`` are those of the line, the first one first: a file may carry several of a product;
    ``finess`` those of the places it names.
    """

    number: int
    codes: tuple[CellValue, ...]
    label: str = ""
    stock: NumberInput = None
    daily: NumberInput = None
    finess: tuple[CellValue, ...] = ()
    cip: CellValue = None
    expiry: DayInput = None


class Remark(NamedTuple):
    """Why something is refused or doubtful: the column, what stood there, and what is accepted."""

    column: str
    value: str
    reason: str
    accepted: str = ""

    @classmethod
    def of(cls, column: str, refusal: RefusedValueError) -> Self:
        return cls(column, refusal.value, refusal.reason, refusal.expected)


class Proposal(NamedTuple):
    """A product that an unknown code may stand for, and why.

    ``units`` is there when the line counts boxes: how many units one holds. The quantities kept in
    the line are those received; they are multiplied when they are stored.
    """

    product_id: int
    code: str
    label: str
    reason: str
    units: str = ""


class Before(NamedTuple):
    """The last declaration of the same product by the same pharmacy."""

    due_on: date
    stock: Decimal | None
    daily: Decimal | None


@dataclass(slots=True)
class Line:
    """One line of a file, of the grid or of a request, with what was said of it.

    ``is_expired``: its expiry is before the due day.
    """

    number: int
    code: str
    label: str = ""
    product_id: int | None = None
    stock: Decimal | None = None
    daily: Decimal | None = None
    kind: Kind = Kind.FINE
    remarks: list[Remark] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    before: Before | None = None
    answer: Answer | None = None
    chosen_id: int | None = None
    expiry: date | None = None
    is_expired: bool = False

    @property
    def waits(self) -> bool:
        """Whether the person still has to say something of it."""
        return self.kind in (Kind.UNKNOWN, Kind.CHANGE) and self.answer is None

    @property
    def declared_id(self) -> int | None:
        """The product it will be stored under; none when it will not be stored."""
        if self.kind is Kind.REFUSED or self.answer is Answer.SKIP or self.waits:
            return None
        return self.chosen_id if self.answer is Answer.CHOSEN else self.product_id

    @property
    def is_code_refused(self) -> bool:
        """Whether its code could not be read as one."""
        return any(one.column == UCD.header for one in self.remarks)

    @property
    def expiry_remarks(self) -> list[Remark]:
        """Why its expiry is not kept."""
        return [one for one in self.remarks if one.column == EXPIRY.header]

    @property
    def units(self) -> Decimal:
        """How many units of the product one of what it counts holds: boxes are converted."""
        chosen = (one for one in self.proposals if one.product_id == self.chosen_id and one.units)
        return next((Decimal(one.units) for one in chosen), Decimal(1))

    @property
    def quantities(self) -> tuple[Decimal | None, Decimal | None]:
        """Stock and daily consumption in units of the product."""
        return in_units(self.stock, self.units), in_units(self.daily, self.units)

    @property
    def nearest_expiry(self) -> date | None:
        """That of its units: nothing without any."""
        return self.expiry if self.expiry and self.quantities[0] else None

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing of the product: left out, as if it were not in the file."""
        return self.stock is None and self.daily is None

    def as_json(self) -> dict[str, Any]:
        """Tuples are lists in JSON; ``asdict`` would copy each of thousands of lines in depth."""
        found = {name: getattr(self, name) for name in ALWAYS_KEPT}
        found["stock"], found["daily"] = text_of(self.stock), text_of(self.daily)
        if self.expiry:
            found |= {"expiry": self.expiry.isoformat(), "is_expired": self.is_expired}
        if self.before:
            day, stock, daily = self.before
            found["before"] = [day.isoformat(), text_of(stock), text_of(daily)]
        return found

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Line":
        """Read back what ``as_json`` wrote."""
        before = found["before"]
        known = found | {
            "stock": number_of(found["stock"]),
            "daily": number_of(found["daily"]),
            "kind": Kind(found["kind"]),
            "remarks": [Remark(*one) for one in found["remarks"]],
            "proposals": [Proposal(*one) for one in found["proposals"]],
            "before": before
            and Before(date.fromisoformat(before[0]), number_of(before[1]), number_of(before[2])),
            "answer": Answer(found["answer"]) if found["answer"] else None,
            "expiry": day_of(found.get("expiry")),
        }
        return cls(**known)


ALWAYS_KEPT = tuple(name for name in Line.__slots__ if name not in ("expiry", "is_expired"))


def in_units(number: Decimal | None, units: Decimal) -> Decimal | None:
    return None if number is None else (number * units).quantize(HUNDREDTH)


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def text_of(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def number_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
