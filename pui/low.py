"""The medicines of one's own pharmacies that run low, the most urgent first."""

from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.cover import Level, days_of_cover
from common.home import LowStock
from common.numbers import format_decimal
from establishments.perimeter import Action
from medications.models import MonitoredList, Monitoring
from medications.thresholds import level_of, thresholds_of
from pui.models import LatestStock

MOST: Final = 5
NO_BREAK: Final = "\u00a0"


def low_medicines(user: User) -> list[LowStock]:
    """Of those who declare or administer; a territory has its own pages."""
    held = user.perimeter_to(Action.MED_READ)
    if not (held.establishment_ids or held.legal_entity_ids):
        return []
    today = timezone.localdate()
    followed = Monitoring.objects.in_force(today).filter(monitored_list=MonitoredList.Slug.OTHERS)
    rows = LatestStock.objects.for_user(user, to=Action.MED_READ).filter(
        days_left__lt=thresholds_of(today).tense,
        pui__closed_on=None,
        product__in=followed.values("product"),
    )
    lowest = rows.select_related("pui", "product").order_by("days_left", "-daily", "pk")
    return [_low(one) for one in lowest[:MOST]]


def _low(row: LatestStock) -> LowStock:
    word = level_of(row.stock, row.daily)
    days = days_of_cover(row.stock, row.daily) or Decimal(0)
    text = "sans stock" if word is Level.SHORTAGE and not row.stock else _days(days)
    return LowStock(
        product=str(row.product).partition(",")[0],  # without its form
        place=str(row.pui),
        days=text,
        level=word.value,
        label=str(word.label),
        url=reverse("pui:state_product", args=[row.pui_id, row.product.code]),
        order=float(days),
        on=f"échéance du {row.due_on:%d/%m}",
    )


def _days(days: Decimal) -> str:
    return f"{format_decimal(days, places=1)}{NO_BREAK}j"
