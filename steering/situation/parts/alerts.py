"""Alerts under way, each told with the domain that its dashboard opens."""

from collections.abc import Callable

from django.db.models import Count, Q

from common.numbers import format_integer
from steering.alerts.filters import ORDER
from steering.alerts.reach import readable
from steering.models import Alert, AlertDomain
from steering.situation.content import Measure, Part
from steering.situation.moment import Moment, time_text
from steering.situation.parts.words import MOST_NAMED, named
from steering.situation.territory import Reader, Territory

TITLE = "Alertes"


def alerts_of(domain: AlertDomain) -> Callable[[Reader, Territory, Moment], Part | None]:
    """The part of a domain; what is under way has no past."""

    def part(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
        if not moment.is_live:
            return None
        key = f"alerts_{domain.value}"
        measure = _measure(key, reader, domain)
        return Part(key, TITLE, domain.action.value, time_text(moment.at), (measure,))

    return part


def _measure(key: str, reader: Reader, domain: AlertDomain) -> Measure:
    rows = readable(reader).filter(domain=domain, state__in=Alert.UNDER_WAY)
    counts = rows.order_by().aggregate(
        every=Count("pk"), waiting=Count("pk", filter=Q(state=Alert.State.OPEN))
    )
    titles = [one.title for one in rows.order_by(*ORDER)[:MOST_NAMED]]
    left = counts["every"] - len(titles)
    names = named([*titles, *([""] * left)])
    return Measure(
        f"{key}.open",
        domain.label,
        format_integer(counts["every"]),
        str(counts["every"]),
        "alertes",
        f"dont {format_integer(counts['waiting'])} à acquitter" if counts["waiting"] else "",
        names,
    )
