"""What alert rules and alerts bring to the home page."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse

from accounts.models import User
from common.addresses import fixed_address
from common.home import Aside, Banner, Card, Change, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from steering.alerts.filters import ORDER, WAITING
from steering.alerts.reach import readable, reads_alerts, waiting_for
from steering.alerts.spread import SPREAD, spread_under_way
from steering.alerts.transitions import Kind as Event
from steering.alerts.words import some, value_text
from steering.models import Alert, AlertEvent, Urgency

CARDS_ORDER, ASIDE_ORDER = 15, 10
MOST_SHOWN, MOST_BESIDE = 4, 3
MOST_CHANGES = 10


def alert_cards(user: User) -> list[Card]:
    """What waits for one's acknowledgment, counted; the most urgent named."""
    if not user.may(Action.ALERT_ACK) or not reads_alerts(user):
        return []
    rows, count = first_of(waiting_for(user).select_related("rule"), MOST_SHOWN)
    if not rows:
        return []
    s = "s" if count > 1 else ""
    urgent = rows[0].rule.urgency == Urgency.URGENT
    return [
        Card(
            kind=Kind.DECIDE if urgent else Kind.TO_SEE,
            title=f"{format_integer(count)} alerte{s} à acquitter",
            detail=named(rows, count),
            due="Urgente" if urgent and count == 1 else "Dont une urgente" if urgent else "",
            action_label="Voir" if count > 1 else "Voir l’alerte",
            url=card_address(rows),
            order=CARDS_ORDER,
        )
    ]


def first_of(found: QuerySet[Alert], most: int) -> tuple[list[Alert], int]:
    """The most urgent of them and how many there are, in one statement."""
    rows: Any = found.annotate(every=Window(Count("pk"))).order_by(*ORDER)[:most]
    alerts = list(rows)
    return alerts, alerts[0].every if alerts else 0


def card_address(rows: list[Alert]) -> str:
    if len(rows) == 1:
        return reverse("steering:alert", args=[rows[0].pk])
    return f"{fixed_address('steering:alerts')}?etat={WAITING}"


def named(rows: list[Alert], count: int) -> str:
    """« Propofol, Bretagne ; FFP2, Loiret (45) et 3 autres. »"""
    told = "\u00a0; ".join(one.title for one in rows[:2])
    left = count - min(2, len(rows))
    return f"{told}, et {left}\u00a0autre{'s' if left > 1 else ''}." if left else f"{told}."


def alert_asides(user: User) -> list[Aside]:
    """The alerts under way of who follows a territory; none is said too."""
    if not reads_alerts(user):
        return []
    rows, count = first_of(readable(user).filter(state__in=Alert.UNDER_WAY), MOST_BESIDE)
    context = {
        "alerts": [(one, value_text(one), one.level_choice) for one in rows],
        "count": count,
    }
    return [Aside("steering/alerts/aside.html", context, ASIDE_ORDER)]


def alert_changes(user: User, since: datetime) -> list[Change]:
    """What happened to one's alerts since then, by itself or by colleagues."""
    if not reads_alerts(user):
        return []
    seen = readable(user).order_by().values("pk")
    rows = AlertEvent.objects.filter(alert__in=seen, at__gt=since).exclude(by=user)
    found = rows.select_related("alert__rule", "by").order_by("-at", "-pk")[:MOST_CHANGES]
    return [
        Change(
            one.at,
            change_text(one),
            reverse("steering:alert", args=[one.alert_id]),
            "Voir l’alerte",
        )
        for one in found
    ]


def change_text(event: AlertEvent) -> str:
    if event.by:
        did = "acquitté" if event.kind == Event.ACKNOWLEDGED else "commenté"
        return f"{event.by} a {did} l’alerte «\u00a0{event.alert.title}\u00a0»."
    return f"Alerte {event.get_kind_display()}\u00a0: {event.alert.title}."


def alert_banners(user: User) -> list[Banner]:
    """A tension that spreads over regions, on every page of those who follow its domain."""
    if not spread_under_way.value() or not reads_alerts(user):
        return []
    found = list(readable(user).filter(**SPREAD).order_by(*ORDER)[:MOST_SHOWN])
    if not found:
        return []
    label = "Voir l’alerte" if len(found) == 1 else "Voir les alertes"
    text, address = banner_text(found), banner_address(found)
    return [Banner(text, "warning", address, label, banner_brief(found))]


def banner_text(found: list[Alert]) -> str:
    if len(found) > 1:
        first, *others = (one.subject_label for one in found)
        return f"Alertes nationales\u00a0: {some([first, *map(lowered, others)])}."
    one = found[0]
    names = some(place["name"] for place in one.places)
    return f"Alerte nationale, {one.subject_label}\u00a0: {names}."


def banner_brief(found: list[Alert]) -> str:
    """« Alerte nationale : surblouses »; of several, the first."""
    subject = lowered(found[0].subject_label)
    if len(found) == 1:
        return f"Alerte nationale\u00a0: {subject}"
    return f"Alertes nationales, dont {subject}"


def lowered(label: str) -> str:
    """« surblouses » in a sentence; a DCI in capitals stays as it is."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def banner_address(found: list[Alert]) -> str:
    if len(found) == 1:
        return reverse("steering:alert", args=[found[0].pk])
    return f"{fixed_address('steering:alerts')}?territoire=pays"
