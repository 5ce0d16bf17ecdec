"""What one look changes of an alert: pure, so that every sequence of looks can be tried.

The condition must hold for so long before an alert opens, and be over for so long before it closes
(hysteresis); back within two days, the same alert resumes and nobody is written to again. Only what
is worse than what was said is said again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from common.cover import Level
from steering.alerts.conditions import RANKS, Found
from steering.alerts.measures import measure_of
from steering.alerts.words import class_words, joined, value_words
from steering.models import Alert, AlertEvent, AlertRule

Kind = AlertEvent.Kind
State = Alert.State
RESUMES_WITHIN: Final = timedelta(hours=48)
RULE_CHANGED: Final = "La règle a changé\u00a0: cette alerte n’en relève plus."
RULE_STOPPED: Final = "La règle n’est plus appliquée."
SILENT_FOR: Final = timedelta(days=14)
SILENT: Final = f"Plus aucune donnée depuis {SILENT_FOR.days}\u00a0jours."


def watched(rule: AlertRule, found: Found, now: datetime) -> Alert:
    """What is seen for the first time: observed until it has lasted."""
    measure = measure_of(rule.measure)
    alert = Alert(
        rule=rule,
        domain=measure.domain,
        subject=found.subject,
        subject_label=found.subject_label or measure.label,
        scale=found.place.scale,
        code=found.place.code,
        place=found.place.name,
        region_code=found.place.region_code,
        department_code=found.place.department_code,
        is_spread=rule.spreads,
        holds_since=now,
        seen_at=now,
    )
    measured(alert, found, now)
    return alert


def measured(alert: Alert, found: Found, now: datetime) -> None:
    """Keep what was read, whatever it says."""
    alert.seen_at = now
    alert.value, alert.last_figures = found.value, found.told
    alert.level = found.level.value if found.level else ""
    if found.holds or not alert.places:
        alert.places = list(found.places)


def look(alert: Alert, found: Found, now: datetime) -> list[AlertEvent]:
    """Advance by what was found; what happened, in order. Silence changes nothing."""
    if found.holds is None:
        return []
    measured(alert, found, now)
    return list(_holding(alert, now) if found.holds else _over(alert, now))


def is_forgotten(alert: Alert, found: Found) -> bool:
    """What was observed and did not last was never an alert."""
    return alert.state == State.WATCHED and found.holds is False


def _holding(alert: Alert, now: datetime) -> Iterator[AlertEvent]:
    alert.out_since = None
    if alert.state == State.WATCHED:
        if now - alert.holds_since >= timedelta(days=alert.rule.lasts_days):
            yield _opened(alert, now)
        return
    if alert.state == State.CLOSED:
        yield _resumed(alert, now)
    _keep_worst(alert)
    yield from _worse_or_better(alert, now)


def _opened(alert: Alert, now: datetime) -> AlertEvent:
    alert.state, alert.opened_at = State.OPEN, now
    alert.opening_value, alert.figures = alert.value, alert.last_figures
    alert.opening_level = alert.told_level = alert.worst_level = alert.level
    alert.worst_value = alert.value
    alert.told_places = [one["code"] for one in alert.places]
    return happened(alert, Kind.OPENED, now, value_words(alert))


def _resumed(alert: Alert, now: datetime) -> AlertEvent:
    """As it was before it closed, acknowledged or not."""
    alert.state = State.ACKNOWLEDGED if alert.acknowledged_at else State.OPEN
    alert.closed_at = None
    return happened(alert, Kind.RESUMED, now, value_words(alert))


def _keep_worst(alert: Alert) -> None:
    if rank(alert.level) < rank(alert.worst_level):
        alert.worst_level = alert.level
    if alert.value is None:
        return
    if alert.worst_value is None or _is_worse(alert, alert.value, alert.worst_value):
        alert.worst_value = alert.value


def _is_worse(alert: Alert, value: Decimal, than: Decimal) -> bool:
    """Fewer days of cover, fewer declarations; more places, more delay."""
    is_low_bad = measure_of(alert.rule.measure).is_low_bad and not alert.is_spread
    return value < than if is_low_bad else value > than


def _worse_or_better(alert: Alert, now: datetime) -> Iterator[AlertEvent]:
    if rank(alert.level) < rank(alert.told_level):
        told, alert.told_level = alert.told_level, alert.level
        alert.eased_since = None
        _must_be_seen_again(alert)
        yield happened(alert, Kind.WORSENED, now, class_words(alert, told))
    elif rank(alert.level) > rank(alert.told_level):
        yield from _eased(alert, now)
    else:
        alert.eased_since = None
    if joining := [one for one in alert.places if one["code"] not in alert.told_places]:
        alert.told_places = [*alert.told_places, *(one["code"] for one in joining)]
        _must_be_seen_again(alert)
        yield happened(alert, Kind.SPREAD, now, joined(one["name"] for one in joining))


def _eased(alert: Alert, now: datetime) -> Iterator[AlertEvent]:
    """Better for as long as an end takes: from then on, worse is news again."""
    alert.eased_since = alert.eased_since or now
    if now - alert.eased_since >= calm_of(alert):
        told, alert.told_level = alert.told_level, alert.level
        alert.eased_since = None
        yield happened(alert, Kind.EASED, now, class_words(alert, told))


def _must_be_seen_again(alert: Alert) -> None:
    """Who acknowledged had seen less than this."""
    if alert.state == State.ACKNOWLEDGED:
        alert.state, alert.acknowledged_by, alert.acknowledged_at = State.OPEN, None, None


def _over(alert: Alert, now: datetime) -> Iterator[AlertEvent]:
    if alert.state not in Alert.UNDER_WAY:
        return
    alert.out_since = alert.out_since or now
    if now - alert.out_since >= calm_of(alert):
        yield close(alert, now, value_words(alert))


def close(alert: Alert, now: datetime, text: str) -> AlertEvent:
    alert.state, alert.closed_at = State.CLOSED, now
    return happened(alert, Kind.CLOSED, now, text)


def calm_of(alert: Alert) -> timedelta:
    return timedelta(hours=alert.rule.calm_hours)


def happened(alert: Alert, kind: Kind, now: datetime, text: str) -> AlertEvent:
    return AlertEvent(alert=alert, kind=kind, at=now, text=text)


def is_written(event: AlertEvent) -> bool:
    """Whether mails tell it: the end of what was acknowledged is no news."""
    if event.kind == Kind.CLOSED and event.alert.acknowledged_at:
        return False
    return event.kind in AlertEvent.WRITTEN


def rank(level: str) -> int:
    """What bears no class is neither better nor worse."""
    return RANKS[Level(level)] if level else len(RANKS)
