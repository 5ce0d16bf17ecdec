"""What assistance brings to the public figures of usage: how long a first answer takes."""

from datetime import datetime, timedelta
from statistics import median
from typing import Final

from support.models import Ticket

OF_LATE: Final = timedelta(days=30)
HOUR: Final = timedelta(hours=1)
FEWEST: Final = 5  # under which a delay would tell of somebody


def usage(now: datetime) -> list[tuple[str, int | None]]:
    """The median hours to a first answer, of the requests answered of late."""
    rows = Ticket.objects.filter(answered_at__gte=now - OF_LATE, answered_at__lte=now)
    delays = [end - start for start, end in rows.values_list("opened_at", "answered_at")]
    if len(delays) < FEWEST:
        return [("delai-reponse", None)]
    return [("delai-reponse", hours(delays))]


def hours(delays: list[timedelta]) -> int:
    """The hours within which half of them came, rounded up."""
    return -(-median(delays) // HOUR)
