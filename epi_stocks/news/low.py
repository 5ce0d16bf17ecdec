"""The equipment of one's own places that runs low, the most urgent first."""

from datetime import date
from typing import Final

from django.urls import reverse

from accounts.models import User
from common.cover import Level, days_of_cover
from common.home import LowStock
from common.reading import reading
from common.weeks import current_week
from epi_stocks.dashboard.figures import days_text
from epi_stocks.models import EpiItem
from epi_stocks.summaries.lines import lines_parameters, measured_sql
from epi_stocks.summaries.places import within_sql
from establishments.models import Establishment
from establishments.perimeter import Action

MOST: Final = 5
LOW: Final = (Level.SHORTAGE.value, Level.CRITICAL.value, Level.TENSE.value)

LOWEST = """
SELECT site.finess, site.name, line.item_id, line.stock, line.daily, line.level, line.source_week
  FROM ({measured}) AS line
  JOIN establishments_establishment site ON site.id = line.establishment_id
 WHERE line.level = ANY(%(low)s)
 ORDER BY array_position(%(low)s, line.level),
          line.stock::float8 / nullif(line.daily, 0) NULLS FIRST,
          line.daily DESC NULLS LAST, site.sort_name, line.item_id
 LIMIT %(most)s
"""


def low_equipment(user: User) -> list[LowStock]:
    """Of those who declare or administer; a territory has its own figures."""
    held = user.perimeter_to(Action.EPI_READ)
    if held.is_national or held.region_codes or held.department_codes or not held:
        return []
    items = {one.pk: one for one in EpiItem.objects.top().on(current_week())}
    within, parameters = within_sql(Establishment.objects.for_user(user, to=Action.EPI_READ))
    asked = lines_parameters(current_week(), list(items)) | {"low": list(LOW), "most": MOST}
    with reading.cursor() as cursor:
        cursor.execute(LOWEST.format(measured=measured_sql(within)), asked | parameters)
        rows = cursor.fetchall()
    return [_low(items, *row) for row in rows]


def _low(
    items: dict[int, EpiItem],
    finess: str,
    place: str,
    item: int,
    stock: int,
    daily: int | None,
    word: str,
    week: date,
) -> LowStock:
    level, days = Level(word), days_of_cover(stock, daily)
    return LowStock(
        product=items[item].plural,
        place=place,
        days=days_text(days, level),
        level=level.value,
        label=str(level.label),
        url=reverse("epi_stocks:inventory", args=[finess, current_week()]),
        order=float(days or 0),
        on=f"semaine du {week:%d/%m}",
    )
