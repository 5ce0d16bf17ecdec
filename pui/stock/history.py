"""One product of one pharmacy: declared when, by whom, in place of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from accounts.models import User
from common.cover import Level, days_of_cover
from medications.models import MonitoredList, Monitoring, Product
from medications.thresholds import level_of
from pui.models import LatestStock, Pui, ReplacedStock, StockLine, Transmission
from pui.rights import read_action
from pui.stock.freshness import Freshness
from pui.stock.reading import Reading, due_days, read_stocks
from pui.stock.rows import By, Row, rows_of, tell_coming

SHOWN: Final = 26  # due days: half a year when they are weekly


@dataclass(frozen=True, slots=True)
class Value:
    """What one transmission said, and until when it stood."""

    stock: Decimal | None
    daily: Decimal | None
    transmission: Transmission
    replaced_at: datetime | None = None
    nearest_expiry: date | None = None

    @property
    def who(self) -> str:
        sent = self.transmission
        return str(sent.received_by) if sent.received_by else sent.get_origin_display()

    @property
    def sent_at(self) -> datetime | None:
        at = self.transmission.confirmed_at
        return localtime(at) if at else None


@dataclass(frozen=True, slots=True)
class Declaration:
    """One due day; ``value`` is None when nothing was declared."""

    due_on: date
    value: Value | None = None
    replaced: Sequence[Value] = field(default_factory=list)

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.value.stock, self.value.daily) if self.value else None

    @property
    def level(self) -> Level:
        if self.value is None:
            return Level.UNKNOWN
        return level_of(self.value.stock, self.value.daily, self.due_on)


@dataclass(frozen=True)
class ProductHistory:
    """``row`` is that of « Etat du stock », None when no list follows the product any more."""

    pui: Pui
    product: Product
    row: Row | None
    freshness: Freshness
    declarations: Sequence[Declaration]

    @property
    def latest(self) -> Declaration | None:
        return next((one for one in self.declarations if one.value), None)


def product_of(code: str) -> Product:
    rows = Product.objects.select_related("substance", "reference")
    found: Product = get_object_or_404(rows, code=code)
    return found


def list_following(product: Product) -> MonitoredList:
    """The list that follows a product, or the last that did; what maPUI calls a reference product
    goes with its UCDs [001]."""
    same = Q(product=product)
    if product.kind == Product.Kind.VIRTUAL:
        same = Q(product__reference=product.reference_id)
    last = Monitoring.objects.filter(same).order_by("-starts_on").first()
    return MonitoredList(slug=last.monitored_list_id if last else MonitoredList.Slug.OTHERS)


def product_history(
    pui: Pui, product: Product, monitored_list: MonitoredList, now: datetime
) -> ProductHistory:
    """404 for a product that no list follows and that this pharmacy never declared."""
    reading = read_stocks([pui], monitored_list, now)
    row = next((one for one in rows_of(reading, By.UCD) if one.product == product), None)
    tell_coming([row] if row else [], [pui])
    declarations = declarations_of(pui, product, reading, now)
    if not any(one.value for one in declarations) and not is_followed(product, row):
        raise Http404
    return ProductHistory(pui, product, row, reading.freshness(pui), declarations)


def is_followed(product: Product, row: Row | None) -> bool:
    """A product whose reference maPUI told of has no row, and is followed all the same."""
    return row is not None or Monitoring.objects.filter(product=product).exists()


def declarations_of(
    pui: Pui, product: Product, reading: Reading, now: datetime
) -> list[Declaration]:
    """The latest first, back to the first one of those shown; in two statements."""
    days = due_days(reading.calendar, reading.declared.values(), now, SHOWN)
    key = {"due_on__in": days, "pui": pui, "product": product}
    sent = "transmission__received_by"
    lines = {
        line.due_on: Value(
            line.stock, line.daily, line.transmission, nearest_expiry=line.nearest_expiry
        )
        for line in StockLine.objects.filter(**key).select_related(sent)
    }
    replaced: Mapping[date, list[Value]] = {day: [] for day in days}
    for one in ReplacedStock.objects.filter(**key).select_related(sent):
        replaced[one.due_on].append(
            Value(
                one.stock,
                one.daily,
                one.transmission,
                localtime(one.replaced_at),
                one.nearest_expiry,
            )
        )
    first = min([*lines, *(day for day, found in replaced.items() if found)], default=days[-1])
    return [
        Declaration(day, lines.get(day), replaced[day]) for day in reversed(days) if day >= first
    ]


def elsewhere(
    user: User, pui: Pui, product: Product, monitored_list: MonitoredList
) -> list[LatestStock]:
    """The same product in the other pharmacies of the legal entity that one may read."""
    entity = pui.establishment.legal_entity_id
    rows = LatestStock.objects.for_user(user, to=read_action(monitored_list)).filter(
        product=product, pui__establishment__legal_entity=entity, pui__closed_on=None
    )
    return list(rows.exclude(pui=pui).select_related("pui").order_by("pui__sort_label", "pui"))
