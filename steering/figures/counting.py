"""The figures of usage of one day: counts that name nobody, the small ones left untold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import Profile, User
from common.installed import modules
from common.numbers import percent
from common.weeks import PARIS, current_week, shift, weeks_back
from epi_stocks.models import EquipmentTransfer, ReportingSummary, WeeklyInventory
from establishments.redistribution.states import TransferState
from orders.models import Order
from pui.models import MedicineTransfer, Transmission
from pui.open_data.masking import FEWEST_ENTITIES

WEEKS: Final = 12
OF_LATE: Final = timedelta(days=30)
ACTIVE_KINDS: Final = {
    "etablissements": Q(profiles__body__isnull=True),
    "agences": Q(profiles__body__kind__in=("ars", "omedit", "conseil_departemental")),
    "national": Q(profiles__body__isnull=False)
    & ~Q(profiles__body__kind__in=("ars", "omedit", "conseil_departemental")),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """``part`` tells a figure from its likes; None is too small to be told."""

    name: str
    value: int | None
    part: str = ""


def count_all(now: datetime | None = None) -> list[Counted]:
    """Every figure; an app above or beside adds its own in ``<app>/usage.py``."""
    now = now or timezone.now()
    found = [*_places(), *_equipment(now), *_medicines(now), *_orders(now), *_people(now)]
    for module in modules("usage"):
        found += [Counted(*one) for one in module.usage(now)]
    return found


def _places() -> Iterator[Counted]:
    """The establishments where somebody has an access in force."""
    held = Profile.objects.filter(state=Profile.State.ACTIVE, establishment__isnull=False)
    sites = held.order_by().values("establishment").distinct().count()
    yield Counted("etablissements-relies", sites)


def _equipment(now: datetime) -> Iterator[Counted]:
    weeks = weeks_back(current_week(now), WEEKS)
    rows = WeeklyInventory.objects.filter(week__in=weeks, first_saved_at__isnull=False)
    counts = dict(rows.order_by().values_list("week").annotate(Count("pk")))
    for week in weeks:
        yield Counted("inventaires-epi", counts.get(week, 0), f"{week:%Y-%m-%d}")
    recent = rows.filter(week__gte=shift(current_week(now), -4))
    places = recent.order_by().values("establishment").distinct().count()
    yield Counted("etablissements-declarants", places)
    yield Counted("taux-inventaires", _rate(shift(current_week(now), -1)))


def _rate(week: date) -> int | None:
    """Of the week that is over: sum of who declared ÷ sum of who was expected."""
    sums = ReportingSummary.objects.filter(week=week).aggregate(
        expected=Sum("expected"), declared=Sum("declared")
    )
    return percent(sums["declared"] or 0, sums["expected"] or 0)


def _medicines(now: datetime) -> Iterator[Counted]:
    weeks = weeks_back(current_week(now), WEEKS)
    rows = Transmission.objects.filter(state__in=Transmission.STORED, confirmed_at__isnull=False)
    since = datetime.combine(weeks[0], datetime.min.time(), PARIS)
    days = rows.filter(confirmed_at__gte=since).order_by().values_list("confirmed_at", flat=True)
    counts: dict[date, int] = dict.fromkeys(weeks, 0)
    for at in days:
        counts[current_week(at)] = counts.get(current_week(at), 0) + 1
    for week in weeks:
        yield Counted("transmissions-pui", counts[week], f"{week:%Y-%m-%d}")
    recent = rows.filter(confirmed_at__gte=now - timedelta(weeks=4))
    yield Counted("pui-declarantes", recent.order_by().values("pui").distinct().count())


def _orders(now: datetime) -> Iterator[Counted]:
    since = now - timedelta(weeks=WEEKS)
    sent = Order.objects.sent().filter(submitted_at__gte=since).exclude(kind=Order.Kind.PAID)
    yield Counted("commandes", sent.count())
    yield Counted("commandes-livrees", sent.filter(state=Order.State.DELIVERED).count())
    received: Any = {"state": TransferState.RECEIVED}
    done = sum(
        model.objects.filter(**received).count() for model in (EquipmentTransfer, MedicineTransfer)
    )
    yield Counted("depannages", done)


def _people(now: datetime) -> Iterator[Counted]:
    """Who logged in of late, by kind; fewer than five are nobody's business."""
    active = User.objects.filter(last_login__gte=now - OF_LATE, is_active=True)
    for kind, condition in ACTIVE_KINDS.items():
        state = Q(profiles__state=Profile.State.ACTIVE)
        count = active.filter(condition & state).order_by().values("pk").distinct().count()
        yield Counted("personnes-actives", None if count < FEWEST_ENTITIES else count, kind)
