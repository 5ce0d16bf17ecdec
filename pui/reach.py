"""Whom a national decision on a list concerns (``medications.reach.Reach``)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q

from common.cover import Thresholds
from establishments.models.search import plain_words
from pui.models import LatestStock, Pui, Transmission
from pui.tension import sums_of_country


class Pharmacies:
    def declaring(self, on: date) -> int:
        return Pui.objects.open_on(on).count()

    def holding(self, product_ids: Collection[int]) -> dict[str, int]:
        """Those that are open and told a stock or a consumption above 0 the last time."""
        rows = LatestStock.objects.filter(
            Q(stock__gt=0) | Q(daily__gt=0), product__in=product_ids, pui__closed_on__isnull=True
        )
        counted = rows.order_by().values_list("pui__establishment__region__name")
        pairs = counted.annotate(count=Count("pui", distinct=True))
        named = ((name or "Sans région", count) for name, count in pairs)
        return dict(sorted(named, key=lambda pair: plain_words(pair[0])))

    def transmitted(self, slug: str, due_on: date) -> int:
        rows = Transmission.objects.filter(
            monitored_list=slug, due_on=due_on, state=Transmission.State.CONFIRMED
        )
        return rows.values("pui").distinct().count()

    def tense(self, limits: Thresholds) -> int:
        return sum(one.level_under(limits).is_tension for one in sums_of_country())
