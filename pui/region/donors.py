"""« Qui peut dépanner … en cisatracurium ? »: who keeps three weeks of cover and has more.

The surplus is what a pharmacy holds of a reference product beyond 21 days of its own consumption.
FINESS has no coordinates here: nearness is that of departments, by the middle of their outlines.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from common.charts.outlines import Outline, outlines
from common.cover import DEFAULT_THRESHOLDS, Level, days_of_cover, level
from establishments.models import Establishment
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import LatestStock, Pui
from pui.region.catalogue import Catalogue, Item, read_catalogue
from pui.region.contacts import Person, people_of
from pui.region.figures import URGENCY
from pui.stock.freshness import fresh_q, required_day

KEPT_DAYS = DEFAULT_THRESHOLDS.tense
MOST_DONORS = 50
FAR = 10_000.0
OTHERS = MonitoredList.Slug.OTHERS


@dataclass(frozen=True, slots=True)
class Holding:
    """What a pharmacy holds of one reference product."""

    pui: Pui
    reference: str
    unit: str
    stock: Decimal
    daily: Decimal
    distance: float = FAR

    @property
    def surplus(self) -> Decimal:
        """Whole units beyond three weeks of its own consumption."""
        return max(Decimal(0), self.stock - KEPT_DAYS * self.daily) // 1

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def level(self) -> Level:
        return level(self.stock, self.daily)


@dataclass(frozen=True)
class Donors:
    """``asked`` is what was looked for; ``own`` what the pharmacy in need holds of it, what it
    lacks most first."""

    asked: str
    found: list[Holding]
    own: list[Holding]
    people: dict[int, list[Person]]
    stale: int
    short: int

    @property
    def total(self) -> Decimal:
        return sum((one.surplus for one in self.found), Decimal(0))


def catalogue_today(now: datetime) -> Catalogue:
    return read_catalogue(OTHERS, timezone.localdate(now))


def named(catalogue: Catalogue, text: str) -> str:
    """The DCI or the reference product that a text names, whatever its capitals; empty: none."""
    plain = text.strip().casefold()
    names = [*catalogue.substances, *catalogue.references]
    exact = [name for name in names if name.casefold() == plain]
    begun = [name for name in names if plain and name.casefold().startswith(plain)]
    return next(iter([*exact, *begun]), "")


def pharmacies_of(user: User, now: datetime) -> QuerySet[Pui]:
    """Those whose lines the reader may see one by one."""
    rows = Pui.objects.for_user(user, to=Action.MED_READ).open_on(timezone.localdate(now))
    found: QuerySet[Pui] = rows.select_related("establishment__department")
    return found


def search_pharmacies(user: User, text: str, now: datetime) -> list[Pui]:
    """By the words or the number of their site: for whom help is looked for."""
    sites = Establishment.objects.search(text).values("pk")
    return list(pharmacies_of(user, now).filter(establishment__in=sites)[:MOST_DONORS])


def find_donors(
    user: User, catalogue: Catalogue, name: str, needing: Pui | None, now: datetime
) -> Donors:
    """Nearest first, then the largest surplus; stale stocks are left out and counted."""
    required = required_day(calendar_of(OTHERS), now)
    puis = {one.pk: one for one in pharmacies_of(user, now)}
    ids = catalogue.ids_where(lambda one: name in (one.substance, one.reference))
    rows = LatestStock.objects.filter(
        pui__in=puis, product__in=ids, stock__isnull=False, daily__isnull=False
    )
    distance = distance_from(needing)
    held = _holdings(catalogue, puis, rows.filter(fresh_q(required, "due_on")), distance)
    others = [one for one in held if needing is None or one.pui.pk != needing.pk]
    giving = sorted(
        (one for one in others if one.surplus > 0),
        key=lambda one: (one.distance, -one.surplus, one.pui.pk),
    )
    return Donors(
        asked=name,
        found=giving[:MOST_DONORS],
        own=sorted(
            (one for one in held if needing is not None and one.pui.pk == needing.pk),
            key=lambda one: (URGENCY.index(one.level), one.days or 0, one.reference),
        ),
        people=people_of({one.pui for one in giving[:MOST_DONORS]}),
        stale=stale_count(rows.exclude(fresh_q(required, "due_on")), held),
        short=len(others) - len(giving),
    )


def stale_count(stale: QuerySet[LatestStock], held: Sequence[Holding]) -> int:
    """The pharmacies all of whose lines are stale: one that left a line out is read by the rest."""
    fresh = {one.pui.pk for one in held}
    return stale.exclude(pui__in=fresh).order_by().values("pui").distinct().count()


def _holdings(
    catalogue: Catalogue,
    puis: dict[int, Pui],
    rows: QuerySet[LatestStock],
    distance: Callable[[Pui], float],
) -> list[Holding]:
    summed: dict[tuple[int, str], list[tuple[Item, Decimal, Decimal]]] = defaultdict(list)
    for pui_id, product_id, stock, daily in rows.order_by().values_list(
        "pui_id", "product_id", "stock", "daily"
    ):
        item = catalogue.items[product_id]
        summed[pui_id, item.reference].append((item, stock, daily))
    return [
        Holding(
            puis[pui_id],
            reference,
            _unit([item for item, _, _ in parts]),
            sum((stock for _, stock, _ in parts), Decimal(0)),
            sum((daily for _, _, daily in parts), Decimal(0)),
            distance(puis[pui_id]),
        )
        for (pui_id, reference), parts in summed.items()
    ]


def _unit(items: Sequence[Item]) -> str:
    units = {item.unit for item in items if item.unit}
    return next(iter(units)) if len(units) == 1 else "unité"


def distance_from(needing: Pui | None) -> Callable[[Pui], float]:
    """How far a pharmacy's department is from that of the pharmacy in need; its own is at 0."""
    here = needing.establishment.department_id if needing else None
    known = outlines()

    def distance(pui: Pui) -> float:
        there = pui.establishment.department_id
        if here is None:
            return 0.0
        if there == here:
            return 0.0
        if there not in known or here not in known:
            return FAR
        return _between(known[here], known[there])

    return distance


def _between(one: Outline, other: Outline) -> float:
    """Each overseas department is drawn on a plane of its own: it is far from all others."""
    if one.is_overseas or other.is_overseas:
        return FAR
    across, down = (
        (one.bounds.left + one.bounds.right) - (other.bounds.left + other.bounds.right),
        (one.bounds.top + one.bounds.bottom) - (other.bounds.top + other.bounds.bottom),
    )
    return float((across**2 + down**2) ** 0.5 / 2)
