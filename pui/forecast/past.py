"""The declarations of every pharmacy for a list, as the method reads them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from common.reading import reading
from medications.models import MonitoredList
from pui.forecast.method import History, Point
from pui.models import Transmission

# The key of the lines begins by the day: the read names its days.
LINES = """
SELECT line.pui_id, line.product_id, line.due_on, line.stock::float8, line.daily::float8
  FROM pui_stockline line
  JOIN pui_transmission sent ON sent.id = line.transmission_id
 WHERE line.due_on = ANY(%(days)s) AND sent.monitored_list_id = %(list)s
   AND line.stock IS NOT NULL
 ORDER BY line.pui_id, line.product_id, line.due_on
"""


def declared_days(monitored_list: str | MonitoredList) -> list[date]:
    """The due days that some pharmacy declared, the oldest first."""
    sent = Transmission.objects.filter(
        monitored_list=monitored_list, state=Transmission.State.CONFIRMED
    )
    return sorted(set(sent.order_by().values_list("due_on", flat=True)))


def pharmacies(
    monitored_list: str | MonitoredList, days: Collection[date]
) -> Iterator[list[History]]:
    """One after the other, each with what it declared of every product."""
    with reading.cursor() as cursor:
        cursor.execute(LINES, {"days": list(days), "list": str(monitored_list)})
        for _, lines in groupby(cursor, key=itemgetter(0)):
            histories = (history_of(list(found)) for _, found in groupby(lines, itemgetter(1)))
            yield [one for one in histories if one is not None]


def history_of(lines: Sequence[tuple[int, int, date, float, float | None]]) -> History | None:
    """With the last consumption told; nothing is forecast without one."""
    daily = next((one[4] for one in reversed(lines) if one[4]), None)
    points = [Point(day.toordinal(), stock) for _, _, day, stock, _ in lines]
    return History(points, daily) if daily else None
