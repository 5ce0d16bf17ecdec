"""What two transmissions do not say alike, and what the receipt of one says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from medications.calendar import calendar_of
from medications.models import Product
from pui.models import ReplacedStock, StockLine, Transmission
from pui.transfer.changes import Quantities, gaps_between
from pui.transfer.columns import WRITTEN, WRITTEN_VIRTUAL
from pui.transfer.followed import followed_by
from pui.transfer.shapes import Kind, Line, Remark

WITH_REFERENCE = "reference__substance"


@dataclass(frozen=True, slots=True)
class Difference:
    """One product declared otherwise by the two; ``before`` or ``after`` is None when absent."""

    product: Product
    before: Quantities | None
    after: Quantities | None
    gaps: Sequence[str] = ()

    @property
    def expiries(self) -> tuple[date | None, date | None]:
        was, now = self.before, self.after
        return was.expiry if was else None, now.expiry if now else None


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A product as a transmission declared it."""

    product: Product
    quantities: Quantities


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed of a stored transmission. ``left_out`` lines are those the person chose not
    to send; ``refused`` those that could not be read; ``expiries`` the remarks on an expiry that
    was left out, each with its line; ``outside`` codes are of no followed product.
    """

    transmission: Transmission
    sent_at: datetime
    sent_by: str
    is_late: bool
    replaced_at: datetime | None
    lines: Sequence[ReceivedLine]
    not_declared: Sequence[Product]
    refused: Sequence[Line]
    left_out: Sequence[Line]
    expiries: Sequence[tuple[Line, Remark]]
    outside: Sequence[str]

    @property
    def shows_expiry(self) -> bool:
        return any(one.quantities.expiry for one in self.lines)


class Export(NamedTuple):
    """A transmission as a file: what stands above its columns, and its rows."""

    headers: Sequence[str]
    rows: Sequence[tuple[object, ...]]


def declared_by(transmission: Transmission) -> dict[int, Quantities]:
    """What it said, by product: what still stands, and what the database kept of the rest."""
    stands: QuerySet = StockLine.objects.filter(
        due_on=transmission.due_on, pui=transmission.pui_id, transmission=transmission
    )
    replaced = ReplacedStock.objects.filter(transmission=transmission)
    fields = ("product_id", "stock", "daily", "nearest_expiry")
    rows = [*replaced.values_list(*fields), *stands.values_list(*fields)]
    return {product: Quantities(*quantities) for product, *quantities in rows}


def differences(before: Transmission, after: Transmission) -> list[Difference]:
    """The products that the two do not declare alike, in the order of labels."""
    was, now = declared_by(before), declared_by(after)
    changed = {product for product in {*was, *now} if was.get(product) != now.get(product)}
    products = Product.objects.filter(pk__in=changed).select_related(WITH_REFERENCE)
    return [
        Difference(one, was.get(one.pk), now.get(one.pk), gaps(was.get(one.pk), now.get(one.pk)))
        for one in products
    ]


def gaps(before: Quantities | None, after: Quantities | None) -> list[str]:
    return gaps_between(before, after) if before and after else []


def received_lines(transmission: Transmission) -> list[ReceivedLine]:
    """What it declared, product by product."""
    declared = declared_by(transmission)
    products = Product.objects.filter(pk__in=declared).select_related(WITH_REFERENCE)
    return [ReceivedLine(one, declared[one.pk]) for one in products]


def receipt_of(transmission: Transmission) -> Receipt:
    """Gather the receipt of a stored transmission, in force or replaced."""
    lines = received_lines(transmission)
    kept = [Line.from_json(one) for one in transmission.content]
    calendar = calendar_of(transmission.monitored_list)
    declared = {one.product.pk for one in lines}
    is_virtual = transmission.origin == Transmission.Origin.MAPUI
    followed = followed_by(
        transmission.monitored_list, transmission.pui, transmission.due_on, is_virtual=is_virtual
    )
    other = transmission.replaced_by
    return Receipt(
        transmission,
        transmission.confirmed_at,
        transmission.report.get("confirmed_by") or str(transmission.received_by or ""),
        transmission.confirmed_at > calendar.due_at(transmission.due_on),
        other.confirmed_at if other else None,
        lines,
        [one for one in followed.products if one.pk not in declared],
        [line for line in kept if line.kind is Kind.REFUSED],
        [line for line in kept if line.answer is not None and line.declared_id is None],
        [(line, one) for line in kept for one in line.expiry_remarks if line.declared_id],
        transmission.report.get("outside", []),
    )


def export_of(transmission: Transmission) -> Export:
    """Its file: read back, it says the same."""
    finess = transmission.pui.establishment.finess
    lines = received_lines(transmission)
    if transmission.origin == Transmission.Origin.MAPUI:
        return Export(
            WRITTEN_VIRTUAL, [(one.product.label, *one.quantities, finess) for one in lines]
        )
    rows = [
        (one.product.code, one.product.ucd13, one.product.label, *one.quantities, finess)
        for one in lines
    ]
    return Export(WRITTEN, rows)
