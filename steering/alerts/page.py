"""All that the page of one alert says."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from common.cover import Level
from steering.alerts.drawings import curve_of
from steering.alerts.measures import measure_of
from steering.alerts.reach import aid_of, may_acknowledge, source_of
from steering.alerts.subjects import subject_names, subject_of
from steering.alerts.words import measured_text, rule_text, value_text
from steering.models import Alert, AlertEvent, AlertNotice


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, and who was written to about it."""

    event: AlertEvent
    title: str
    people: list[str]
    waiting: int

    @property
    def told(self) -> str:
        """« Écrit à 3 personnes »."""
        count = len(self.people)
        if not count:
            return ""
        return f"Écrit à {count}\u00a0personne{'s' if count > 1 else ''}"


def context_of(user: User, alert: Alert) -> dict[str, Any]:
    url, label = source_of(alert)
    measure = measure_of(alert.rule.measure)
    return {
        "alert": alert,
        "title": alert.title,
        "measure": measure,
        "rule_text": rule_text(alert.rule, subject_of(alert.rule, subject_names())),
        "value": value_text(alert),
        "figures": figures_of(alert),
        "computed": alert.last_figures.items(),
        "places": [place_of(one) for one in alert.places],
        "curve": curve_of(alert),
        "lines": lines_of(alert),
        "source": (url, label),
        "aid": aid_of(user, alert) if alert.is_under_way else "",
        "may_acknowledge": may_acknowledge(user, alert),
    }


def figures_of(alert: Alert) -> list[tuple[str, str, str]]:
    """At the opening, at the worst, now: the text, then the class."""
    known = [
        ("À l’ouverture", alert.opening_value, alert.opening_level),
        ("Au pire", alert.worst_value, alert.worst_level),
        ("Maintenant" if alert.is_under_way else "À la dernière mesure", alert.value, alert.level),
    ]
    return [(label, measured_text(alert, value, level), level) for label, value, level in known]


def place_of(one: dict[str, str]) -> dict[str, Any]:
    return one | {"level": Level(one["level"]) if one["level"] else None}


def lines_of(alert: Alert) -> list[Line]:
    """The last first, in two statements."""
    events = AlertEvent.objects.filter(alert=alert).select_related("by").order_by("-at", "-pk")
    people: dict[int, list[str]] = {}
    waiting: dict[int, int] = {}
    notices = AlertNotice.objects.filter(event__alert=alert)
    about = ("profile__user", "profile__body")
    for one in notices.select_related(*about).order_by("profile__user__last_name", "pk"):
        if one.sent_at is None:
            waiting[one.event_id] = waiting.get(one.event_id, 0) + 1
        else:
            said = f"{one.profile.user}, {one.profile.body}"
            people.setdefault(one.event_id, []).append(said)
    return [
        Line(
            one,
            title_of(one),
            list(dict.fromkeys(people.get(one.pk, []))),
            waiting.get(one.pk, 0),
        )
        for one in events
    ]


def title_of(event: AlertEvent) -> str:
    if event.by:
        verb = "acquitte" if event.kind == AlertEvent.Kind.ACKNOWLEDGED else "commente"
        return f"{event.by} {verb}"
    return f"Alerte {event.get_kind_display()}"
