"""What is read, once, for the page of a stock: the list, the last lines, the last due days.

The number of statements does not depend on how many products or pharmacies there are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from common.cover import days_of_cover
from common.reading import reading
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import MonitoredList, Monitoring, Priority, Product
from pui.expiry import Standing, standing
from pui.models import LatestStock, Pui
from pui.stock.freshness import Freshness, freshness_of, is_fresh, last_declared, required_day

TREND: Final = 12  # due days
MOST_SUMMED: Final = 12  # pharmacies whose past is added up; more make no trend of one place

Pair = tuple[int, int]  # pharmacy, product

# The key of the lines begins by the day: the read names its days.
PAST = """
SELECT due_on, pui_id, product_id, stock::float8
  FROM pui_stockline
 WHERE due_on = ANY(%(days)s) AND pui_id = ANY(%(puis)s) AND product_id = ANY(%(products)s)
   AND stock IS NOT NULL
"""


class Line(NamedTuple):
    """The last line declared of a product by a pharmacy."""

    due_on: date
    stock: Decimal | None
    daily: Decimal | None
    transmitted_at: datetime
    nearest_expiry: date | None = None

    @property
    def is_blank(self) -> bool:
        return self.stock is None and self.daily is None

    def standing(self, today: date) -> Standing:
        """What its nearest expiry deserves."""
        days = days_of_cover(self.stock, self.daily)
        return standing(self.nearest_expiry, days=days, told_on=self.due_on, today=today)


@dataclass(frozen=True)
class Reading:
    """``past`` holds the stocks declared at ``days``, the oldest first; blanks are not in it."""

    puis: Sequence[Pui]
    products: Sequence[Product]
    priorities: dict[int, Priority]
    lines: dict[Pair, Line]
    declared: dict[int, date]
    calendar: ReportingCalendar
    now: datetime
    required: date
    days: Sequence[date]
    past: dict[date, dict[Pair, float]]

    @cached_property
    def siblings(self) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
        """By reference product: its UCDs, and what maPUI calls it."""
        found: dict[int, tuple[list[int], list[int]]] = {}
        for one in self.products:
            if one.reference_id is not None:
                ucds, virtual = found.setdefault(one.reference_id, ([], []))
                (virtual if one.kind == Product.Kind.VIRTUAL else ucds).append(one.pk)
        return {key: (tuple(ucds), tuple(virtual)) for key, (ucds, virtual) in found.items()}

    @cached_property
    def urgent(self) -> dict[int | None, Priority]:
        """By reference product, the priority of its most urgent UCD."""
        found: dict[int | None, Priority] = {}
        for one in self.products:
            if one.pk in self.priorities:
                held = found.get(one.reference_id, Priority.NORMAL)
                found[one.reference_id] = min(held, self.priorities[one.pk])
        return found

    def is_declared(self, pair: Pair) -> bool:
        """Whether the last declaration of the pharmacy says something of the product."""
        line = self.lines.get(pair)
        if line is None or line.is_blank:
            return False
        last = self.declared.get(pair[0])
        return last is None or line.due_on >= last

    def is_fresh(self, line: Line) -> bool:
        return is_fresh(line.due_on, self.required)

    def freshness(self, pui: Pui) -> Freshness:
        return freshness_of(self.declared.get(pui.pk), self.calendar, self.now)


def read_stocks(puis: Sequence[Pui], monitored_list: str | MonitoredList, now: datetime) -> Reading:
    """Everything that the page says of these pharmacies for a list."""
    followed = Monitoring.objects.of(monitored_list, now.date())
    monitorings = list(followed.select_related("product__substance"))
    products = with_virtual([one.product for one in monitorings])
    numbers = [one.pk for one in products]
    lines = read_lines(puis, numbers)
    declared = last_declared(puis, monitored_list)
    calendar = calendar_of(monitored_list)
    days = due_days(calendar, declared.values(), now)
    return Reading(
        puis=puis,
        products=products,
        priorities={one.product_id: Priority(one.priority) for one in monitorings},
        lines=lines,
        declared=declared,
        calendar=calendar,
        now=now,
        required=required_day(calendar, now),
        days=days,
        past=read_past(puis, numbers, days) if len(puis) <= MOST_SUMMED else {},
    )


def with_virtual(products: Sequence[Product]) -> list[Product]:
    """The list, and what maPUI calls the same reference products [001]."""
    references = {one.reference_id for one in products if one.reference_id}
    virtual = Product.objects.filter(kind=Product.Kind.VIRTUAL, reference__in=references)
    return [*products, *virtual.select_related("reference__substance", "substance")]


def read_lines(puis: Collection[Pui], products: Collection[int]) -> dict[Pair, Line]:
    rows = LatestStock.objects.filter(pui__in=puis, product__in=products)
    found = rows.values_list(
        "pui_id", "product_id", "due_on", "stock", "daily", "transmitted_at", "nearest_expiry"
    )
    return {(pui, product): Line(*line) for pui, product, *line in found}


def due_days(
    calendar: ReportingCalendar, declared: Collection[date], now: datetime, count: int = TREND
) -> list[date]:
    """The last ones whose hour has come, and the one expected once it is declared."""
    past = calendar.past_dues(now, count)
    expected = calendar.expected(now).due_on
    days = [expected, *past] if expected in declared else past
    return sorted(days[:count])


def read_past(
    puis: Collection[Pui], products: Collection[int], days: Collection[date]
) -> dict[date, dict[Pair, float]]:
    """By due day; in one statement."""
    found: dict[date, dict[Pair, float]] = {day: {} for day in days}
    numbers = [one.pk for one in puis]
    with reading.cursor() as cursor:
        cursor.execute(PAST, {"days": list(days), "puis": numbers, "products": list(products)})
        for day, pui, product, stock in cursor:
            found[day][pui, product] = stock
    return found
