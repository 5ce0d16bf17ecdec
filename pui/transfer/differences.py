"""What changed between two transmissions, and what an accused receipt says of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from medications.models import Product
from pui.models import Transmission


@dataclass(frozen=True, slots=True)
class Difference:
    """One product declared otherwise by the two; ``before`` or ``after`` is None when absent."""

    product: Product
    before: tuple[Decimal | None, Decimal | None] | None  # stock, daily
    after: tuple[Decimal | None, Decimal | None] | None
    gaps: Sequence[str]


def differences(before: Transmission, after: Transmission) -> list[Difference]:
    """The products that the two do not declare alike, in the order of the list."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed of a transmission once confirmed."""

    transmission: Transmission
    sent_at: datetime
    sent_by: str
    is_late: bool
    lines: Sequence[tuple[Product, Decimal | None, Decimal | None]]
    not_declared: Sequence[Product]
    refused: int
    left_out: int


def receipt_of(transmission: Transmission) -> Receipt:
    """Gather the receipt of a stored transmission (in force or replaced)."""
    raise NotImplementedError
