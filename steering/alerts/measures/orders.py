"""The figures of Distrilog-Santé: quotas ordered, the State stock."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from common.numbers import format_integer
from common.weeks import current_week
from epi_stocks.models import EpiItem
from orders.dashboard.figures import NOTHING, QuotaFigures
from orders.dashboard.reading import SUMS, stock_by_item
from orders.models.summary import QuotaSummary
from steering.alerts.measures.measure import COUNTRY, Places, Reading, Within
from steering.models import AlertScale

KEYS: Final[dict[AlertScale, str]] = {
    AlertScale.REGION: "region_code",
    AlertScale.DEPARTMENT: "department_code",
}


def item_names() -> dict[int, str]:
    return dict(EpiItem.objects.top().values_list("pk", "label"))


def quota_share(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """The part of the quotas of the week that was ordered, as the dashboard of orders shows it."""
    key = KEYS.get(scale, "week")
    rows = QuotaSummary.objects.filter(week=current_week(now)).order_by()
    totals = {f"sum_{name}": Sum(name) for name in SUMS}
    names, places = item_names(), Places(scale).named()
    found: dict[tuple[int, str], QuotaFigures] = defaultdict(lambda: NOTHING)
    for row in rows.values("item_id", key).annotate(**totals):
        code = COUNTRY if scale == AlertScale.COUNTRY else row[key]
        figures = QuotaFigures(*(int(row[f"sum_{name}"]) for name in SUMS))
        found[row["item_id"], code] = found[row["item_id"], code] + figures
    return [
        Reading(
            str(item),
            names[item],
            places[code],
            None if figures.share is None else Decimal(figures.share),
            None,
            {
                "Commandé (unités)": format_integer(figures.used),
                "Autorisé (unités)": format_integer(figures.granted),
                "Contingents épuisés": format_integer(figures.exhausted),
            },
        )
        for (item, code), figures in found.items()
        if code in places and item in names
    ]


def state_stock(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Weeks of the peak that the State stock holds, at the moment it is asked."""
    names = item_names()
    country = Places(AlertScale.COUNTRY).named()[COUNTRY]
    return [
        Reading(
            str(item),
            names[item],
            country,
            stock.weeks,
            None,
            {
                "En stock (unités)": format_integer(stock.held),
                "Pic par semaine (unités)": format_integer(stock.peak_weekly or 0),
            },
        )
        for item, stock in stock_by_item().items()
        if item in names
    ]
