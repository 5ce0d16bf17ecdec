"""Each number that was known of a site, from the history that the database keeps."""

from dataclasses import dataclass
from datetime import date, datetime

from common.numbers import format_integer
from establishments.models import Establishment
from orders.models import Basis, Capacity
from pui.history import events_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Known:
    at: datetime
    what: str
    before: str
    after: str
    as_of: date
    source: str


def known_before(site: Establishment) -> list[Known]:
    """The last first."""
    found, last = [], {}
    for one in events_of(Capacity, establishment=site.pk):
        if one.pgh_label == "delete":
            last.pop(one.basis, None)
            continue
        before = last.get(one.basis)
        what = f"{Basis(one.basis).label}s".capitalize()
        text = "–" if before is None else format_integer(before)
        number = format_integer(one.quantity)
        found.append(Known(one.pgh_created_at, what, text, number, one.as_of, one.source))
        last[one.basis] = one.quantity
    return list(reversed(found))[:MOST]
