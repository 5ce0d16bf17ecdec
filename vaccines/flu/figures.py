"""The figures of a season by pharmacy, department or region: as many statements for all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum, Value
from django.utils import timezone

from common.numbers import format_percent
from medications.calendar import calendar_of
from medications.models import MonitoredList, Monitoring
from pui.models import LatestStock, Pui
from pui.region.figures import NOTHING, Sums
from pui.region.refreshing import counted_days
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest

FLU = MonitoredList.Slug.FLU


@dataclass(slots=True)
class Figures:
    """Of one or more pharmacies. ``needs`` and ``last`` are doses by group: one that nobody typed
    is not there; ``delivered`` is None as long as nobody told it."""

    puis: int = 0
    asked: int = 0
    needs: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    delivered: int | None = None
    stock: Sums = NOTHING

    @property
    def need(self) -> int | None:
        return sum(self.needs.values()) if self.needs else None

    @property
    def last_need(self) -> int | None:
        return sum(self.last.values()) if self.last else None

    @property
    def share_text(self) -> str:
        """What part of the need is delivered."""
        if self.delivered is None or self.need is None:
            return "–"
        return format_percent(self.delivered, self.need, without="–")

    def add(self, other: "Figures") -> None:
        self.puis += other.puis
        self.asked += other.asked
        for mine, theirs in ((self.needs, other.needs), (self.last, other.last)):
            for group, doses in theirs.items():
                mine[group] = mine.get(group, 0) + doses
        if other.delivered is not None:
            self.delivered = (self.delivered or 0) + other.delivered
        self.stock = self.stock + other.stock


def whole(figures: Iterable[Figures]) -> Figures:
    found = Figures()
    for one in figures:
        found.add(one)
    return found


Found = defaultdict[Any, Figures]


def figures_by(
    path: str,
    ids: Collection[int],
    campaign: FluCampaign,
    before: FluCampaign | None,
    stock_at: datetime | None,
) -> Found:
    """Of the pharmacies ``ids``: their numbers, read once, spare each statement to find them again.

    ``path`` leads from a pharmacy to what the figures are gathered by: itself, a territory; blank,
    all of them together. Stocks are read as known at ``stock_at``; None leaves them aside.
    """
    found: Found = defaultdict(Figures)
    puis = Pui.objects.filter(pk__among=ids).order_by().annotate(key=_key("", path))
    for key, count in puis.values_list("key").annotate(count=Count("pk")):
        found[key] = Figures(puis=count)
    _count_requests(found, path, ids, campaign)
    _add_needs(found, path, ids, campaign, before)
    _add_delivered(found, path, ids, campaign)
    if stock_at:
        _add_stocks(found, path, ids, stock_at)
    return found


def _key(prefix: str, path: str) -> F | Value:
    return F(f"{prefix}{path}") if path else Value("")


def _count_requests(found: Found, path: str, ids: Collection[int], campaign: FluCampaign) -> None:
    rows = FluRequest.objects.filter(campaign=campaign, pui__pk__among=ids).order_by()
    keyed = rows.annotate(key=_key("pui__", path)).values_list("key")
    for key, count in keyed.annotate(count=Count("pk")):
        found[key].asked = count


def _add_needs(
    found: Found,
    path: str,
    ids: Collection[int],
    campaign: FluCampaign,
    before: FluCampaign | None,
) -> None:
    """Of this season and of the one before, in one statement."""
    seasons = [one.pk for one in (campaign, before) if one]
    rows = FluNeed.objects.filter(request__campaign__in=seasons, request__pui__pk__among=ids)
    keyed = rows.order_by().annotate(key=_key("request__pui__", path))
    told = keyed.values_list("key", "request__campaign", "group")
    for key, season, group, doses in told.annotate(sum=Sum("doses")):
        figures = found[key]
        (figures.needs if season == campaign.pk else figures.last)[group] = doses


def _add_delivered(found: Found, path: str, ids: Collection[int], campaign: FluCampaign) -> None:
    rows = DeliveredDoses.objects.filter(campaign=campaign, pui__pk__among=ids).order_by()
    keyed = rows.annotate(key=_key("pui__", path)).values_list("key")
    for key, doses in keyed.annotate(sum=Sum("doses")):
        found[key].delivered = doses


def _add_stocks(found: Found, path: str, ids: Collection[int], now: datetime) -> None:
    """The lines that « Stocks de la région » counts: an older one stands for nobody any more."""
    calendar = calendar_of(FLU)
    followed = Monitoring.objects.in_force(timezone.localdate(now)).filter(monitored_list=FLU)
    rows = LatestStock.objects.filter(
        pui__pk__among=ids,
        product__in=followed.values("product"),
        due_on__gte=counted_days(calendar, calendar.expected(now).due_on)[-1],
    )
    both = Q(stock__isnull=False, daily__isnull=False)
    sums = (
        rows.order_by()
        .annotate(key=_key("pui__", path))
        .values_list("key")
        .annotate(
            stock_sum=Sum("stock"),
            daily_sum=Sum("daily"),
            ratio_stock=Sum("stock", filter=both, default=0),
            ratio_daily=Sum("daily", filter=both, default=0),
            lines=Count("product"),
            ratio_lines=Count("product", filter=both),
        )
    )
    for key, *told in sums:
        found[key].stock = Sums(*told)
