"""What establishments hold of an item and may give of it, from their weekly inventories.

Only inventories that are fresh: of this week, or of last week until this one is expected. A value
to check gives nothing; a site whose stock another declares gives through that one.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from common.weeks import current_week, shift
from epi_stocks.calendar import calendar_of
from epi_stocks.models import CentralCoverage, EquipmentTransfer
from epi_stocks.summaries.lines import lines_parameters, lines_sql
from epi_stocks.summaries.places import within_sql
from establishments.models import Establishment
from establishments.redistribution.held import Held, Key
from establishments.redistribution.states import TransferState

GONE: Final = (TransferState.SHIPPED, TransferState.RECEIVED)
PROMISED: Final = (TransferState.PROPOSED, TransferState.CONFIRMED, TransferState.ACCEPTED)


def keeping_stock() -> QuerySet[Establishment]:
    """The open establishments whose stock no other declares."""
    covered = CentralCoverage.objects.on(current_week()).values("covered")
    rows: QuerySet[Establishment] = Establishment.objects.open().exclude(pk__in=covered)
    return rows


def fresh_weeks(now: datetime) -> list[date]:
    """This week; last week too, until this one is expected (Friday 18 h)."""
    week = current_week(now)
    return [week] if now > calendar_of(week).deadline else [week, shift(week, -1)]


def held_by(
    places: QuerySet[Establishment],
    items: Collection[int],
    now: datetime,
    *,
    without: int | None = None,
) -> dict[Key, Held]:
    """By establishment and item: both columns told, fresh, and nothing to check."""
    within, parameters = within_sql(places)
    week, *earlier = fresh_weeks(now)
    parameters |= lines_parameters(week, list(items)) | {"earlier": earlier}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT line.establishment_id, line.item_id, line.stock, line.daily,
                       line.source_week, line.saved_at
                  FROM ({lines_sql(within)}) AS line
                 WHERE line.stock IS NOT NULL AND line.daily IS NOT NULL
                   AND NOT line.is_doubtful""",
            parameters,
        )
        rows = cursor.fetchall()
    told = {(place, item): saved_at for place, item, *_, saved_at in rows}
    promised = promised_by(told, without=without)
    return {
        (place, item): Held(stock, daily, promised.get((place, item), 0), on)
        for place, item, stock, daily, on, _ in rows
    }


def promised_by(told: Mapping[Key, datetime], *, without: int | None = None) -> dict[Key, int]:
    """Units promised, or gone since the giver last declared that item: its stock still has them.

    ``told``: when each line was saved; a line saved after the shipping tells what is left.
    """
    if not told:
        return {}
    since = min(told.values())
    rows = EquipmentTransfer.objects.filter(
        Q(state__in=PROMISED) | Q(state__in=GONE, shipped_at__gte=since),
        need__item__in={item for _, item in told},
    ).exclude(pk=without)
    promised: dict[Key, int] = defaultdict(int)
    for giver, item, quantity, shipped_at in rows.order_by().values_list(
        "giver", "need__item", "quantity", "shipped_at"
    ):
        at = told.get((giver, item))
        if at is not None and (shipped_at is None or shipped_at > at):
            promised[giver, item] += quantity
    return dict(promised)
