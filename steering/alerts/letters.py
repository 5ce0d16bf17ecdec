"""The mails of alerts: one for each person and look, which lists all that happened."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.notices.aid import write_to
from steering.alerts.transitions import Kind
from steering.models import AlertEvent

TEMPLATE = "notices/alerts.txt"
SAID = {
    Kind.OPENED: "Alerte",
    Kind.WORSENED: "Alerte aggravée",
    Kind.SPREAD: "Alerte étendue",
    Kind.CLOSED: "Alerte close",
}
ORDER = (Kind.WORSENED, Kind.SPREAD, Kind.OPENED, Kind.CLOSED)
MOST_LINES = 40


def urgency(event: AlertEvent) -> tuple[int, int, str]:
    """What got worse first, then what opened, by urgency of their rules."""
    rule = event.alert.rule
    return ORDER.index(Kind(event.kind)), URGENCIES.index(rule.urgency), event.alert.title


URGENCIES = ("urgent", "high", "watch")


def line(event: AlertEvent) -> str:
    """« Alerte : propofol, Bretagne. Rupture, 0,4 jour. »"""
    alert = event.alert
    return f"{SAID[Kind(event.kind)]}\u00a0: {alert.title}. {event.text.rstrip('.')}."


def subject(events: Sequence[AlertEvent]) -> str:
    first = events[0]
    if len(events) == 1:
        return f"{SAID[Kind(first.kind)]}\u00a0: {first.alert.title}"
    left = len(events) - 1
    others = f"{left}\u00a0autre{'s' if left > 1 else ''}"
    return f"{SAID[Kind(first.kind)]}\u00a0: {first.alert.title}, et {others}"


def write(address: str, events: Sequence[AlertEvent]) -> None:
    """Queue the mail of one person; what is beyond a page is counted."""
    told = sorted(events, key=urgency)
    lines = [line(one) for one in told[:MOST_LINES]]
    if (left := len(told) - MOST_LINES) > 0:
        lines.append(f"Et {left}\u00a0autre{'s' if left > 1 else ''}, dans la liste.")
    one = told[0].alert
    path = (
        reverse("steering:alert", args=[one.pk]) if len(told) == 1 else reverse("steering:alerts")
    )
    write_to([address], subject=subject(told), lines=lines, path=path, template=TEMPLATE)
