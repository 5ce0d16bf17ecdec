"""The rows of a stock: one for each UCD, UCD de référence or DCI, of one pharmacy or of several.

Cover is the ratio of sums over the lines that declare both stock and consumption; how many are
left out is told. Blank is not 0: a product that nobody declares has no stock to show.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices
from django.utils.timezone import localdate

from common.cover import CoverOfSums, Level, days_of_cover
from medications.models import Priority, Product, ReferenceProduct, Substance
from medications.thresholds import level_of
from pui.aid.moving import NOTHING, Moving, PuiReference, moving_of
from pui.aid.moving import total as total_moving
from pui.expiry import Standing
from pui.forecast.method import History, Point, RunOut, learn
from pui.models import Pui
from pui.sharing.awaited import Awaited, awaited_by
from pui.stock.reading import Line, Pair, Reading
from pui.stock.trend import Trend, trend_of

VIRTUAL = Product.Kind.VIRTUAL


class By(TextChoices):
    """What a row stands for."""

    UCD = "ucd", "UCD"
    REFERENCE = "reference", "UCD de référence"
    SUBSTANCE = "dci", "DCI"


Subject = Product | ReferenceProduct | Substance


@dataclass
class Row:
    """``pairs`` are the lines expected, ``lines`` those that say something; read on ``today``."""

    subject: Subject
    products: Sequence[Product]
    priority: Priority
    pairs: Sequence[Pair]
    lines: dict[Pair, Line]
    missing: int
    is_fresh: bool
    trend: Trend
    today: date
    run_out: RunOut | None = None
    moving: Moving = NOTHING
    awaited: int = 0  # of published share-outs, in units: not in ``stock``

    @property
    def label(self) -> str:
        return str(self.subject)

    @property
    def product(self) -> Product:
        return self.products[0]

    @property
    def substance(self) -> Substance | None:
        return self.product.substance

    @property
    def references(self) -> set[PuiReference]:
        """Of each pharmacy where the row is expected."""
        known = {one.pk: one.reference_id for one in self.products}
        return {(pui, known[product]) for pui, product in self.pairs if known[product]}

    @property
    def is_virtual(self) -> bool:
        return all(one.kind == VIRTUAL for one in self.products)

    def awaits(self, one: Awaited) -> bool:
        """A part of a UCD is that UCD's; maPUI tells of the whole reference at once."""
        is_named = one.product is not None and not self.is_virtual
        if is_named:
            return (one.pui, one.product) in self.pairs
        return (one.pui, one.reference) in self.references

    @cached_property
    def stock(self) -> Decimal | None:
        return total([line.stock for line in self.lines.values()])

    @cached_property
    def daily(self) -> Decimal | None:
        return total([line.daily for line in self.lines.values()])

    @cached_property
    def cover(self) -> CoverOfSums:
        both = [
            (line.stock, line.daily)
            for line in self.lines.values()
            if line.stock is not None and line.daily is not None
        ]
        return CoverOfSums(
            sum((stock for stock, _ in both), Decimal(0)),
            sum((daily for _, daily in both), Decimal(0)),
            len(both),
            len(self.lines) - len(both),
        )

    @cached_property
    def days(self) -> Decimal | None:
        return days_of_cover(self.cover.stock, self.cover.daily) if self.cover.counted else None

    @cached_property
    def level(self) -> Level:
        """That of the sums; where no line tells both, no stock is a rupture all the same."""
        if self.cover.counted:
            return level_of(self.cover.stock, self.cover.daily)
        return level_of(self.stock, None)

    @cached_property
    def nearest_expiry(self) -> date | None:
        """The first of those declared."""
        told = (line.nearest_expiry for line in self.lines.values())
        return min((one for one in told if one), default=None)

    @cached_property
    def standing(self) -> Standing:
        """That of its line most at risk."""
        return min(
            (line.standing(self.today) for line in self.lines.values()),
            key=list(Standing).index,
            default=Standing.FINE,
        )

    @cached_property
    def due_on(self) -> date | None:
        """The due day of its oldest line: a sum is as old as that."""
        return min((line.due_on for line in self.lines.values()), default=None)

    @cached_property
    def last_due_on(self) -> date | None:
        return max((line.due_on for line in self.lines.values()), default=None)

    @cached_property
    def history(self) -> History | None:
        """What a forecast starts from; None without a consumption."""
        if not self.cover.daily:
            return None
        points = [Point(day.toordinal(), stock) for day, stock in self.trend if stock is not None]
        return History(points, float(self.cover.daily))


def total(values: Sequence[Decimal | None]) -> Decimal | None:
    """None when nothing is declared."""
    known = [one for one in values if one is not None]
    return sum(known, Decimal(0)) if known else None


def rows_of(reading: Reading, by: By) -> list[Row]:
    """Each with its trend and the dates between which it may run out."""
    groups: dict[Subject, list[tuple[Pair, Product]]] = {}
    for pair, product in expected_lines(reading):
        groups.setdefault(SUBJECTS[by](product), []).append((pair, product))
    rows = [row_of(reading, subject, found, by) for subject, found in groups.items()]
    forecast(rows, reading.required)
    return rows


def tell_coming(rows: Sequence[Row], puis: Collection[Pui]) -> None:
    """What mutual aid moves and what share-outs give of each row's reference products; of a UCD,
    that of its reference too."""
    numbers = [pui.pk for pui in puis]
    moving, awaited = moving_of(numbers), awaited_by(numbers)
    for row in rows if moving else ():
        row.moving = total_moving(moving, row.references)
    for row in rows if awaited else ():
        row.awaited = sum(one.quantity for one in awaited if row.awaits(one))


def expected_lines(reading: Reading) -> list[tuple[Pair, Product]]:
    """Those of the list, save where maPUI told of the whole reference product instead [001]."""
    virtual = {one.pk: one.reference_id for one in reading.products if one.kind == VIRTUAL}
    told = {(pui, virtual[product]) for pui, product in reading.lines if product in virtual}
    return [
        ((pui.pk, product.pk), product)
        for product in reading.products
        for pui in reading.puis
        if ((pui.pk, product.reference_id) in told) is (product.kind == VIRTUAL)
    ]


def reference_or_product(product: Product) -> Subject:
    return product.reference or product


def substance_or_product(product: Product) -> Subject:
    return product.substance or product


SUBJECTS: dict[By, Callable[[Product], Subject]] = {
    By.UCD: lambda product: product,
    By.REFERENCE: reference_or_product,
    By.SUBSTANCE: substance_or_product,
}


def row_of(
    reading: Reading, subject: Subject, found: Sequence[tuple[Pair, Product]], by: By
) -> Row:
    products = list(dict.fromkeys(product for _, product in found))
    lines = {
        pair: reading.lines[pair]
        for pair, _ in found
        if pair in reading.lines and not reading.lines[pair].is_blank
    }
    return Row(
        subject=subject,
        products=products,
        priority=priority_of(reading, products),
        pairs=[pair for pair, _ in found],
        lines=lines,
        missing=sum(not reading.is_declared(pair) for pair, _ in found),
        is_fresh=bool(lines) and all(map(reading.is_fresh, lines.values())),
        trend=trend_of(reading, holding(found, lines), is_one=by is By.UCD),
        today=localdate(reading.now),
    )


def holding(
    found: Sequence[tuple[Pair, Product]], lines: dict[Pair, Line]
) -> list[tuple[int, Product]]:
    """The pharmacies and products whose stock is known now."""
    return [
        (pair[0], product)
        for pair, product in found
        if pair in lines and lines[pair].stock is not None
    ]


def priority_of(reading: Reading, products: Sequence[Product]) -> Priority:
    """The most urgent one; what maPUI sent has that of the UCDs it stands for."""
    return min(
        reading.urgent.get(one.reference_id, Priority.NORMAL)
        if one.kind == VIRTUAL
        else reading.priorities[one.pk]
        for one in products
    )


def forecast(rows: Sequence[Row], required: date) -> None:
    """What the past of all of them says of each."""
    errors = learn(row.history for row in rows if row.history)
    for row in rows:
        if row.history and may_be_forecast(row, row.history, required):
            row.run_out = RunOut.of(row.history, errors)


def may_be_forecast(row: Row, history: History, required: date) -> bool:
    """Fresh, and known whole on a day that is: of a stale stock nothing is foretold."""
    if not (row.is_fresh and row.stock and history.points):
        return False
    return history.points[-1].day >= required.toordinal()
