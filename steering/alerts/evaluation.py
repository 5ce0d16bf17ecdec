"""A look at the whole country by every rule: a few statements, whatever the number of alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from steering.alerts.conditions import Found, Key, Readings, beside, covers, findings
from steering.alerts.transitions import (
    RESUMES_WITHIN,
    RULE_CHANGED,
    RULE_STOPPED,
    SILENT,
    SILENT_FOR,
    close,
    is_forgotten,
    look,
    watched,
)
from steering.models import Alert, AlertEvent, AlertRule, AlertSample

CHANGING = (
    "state", "level", "opening_level", "worst_level", "told_level", "value", "opening_value",
    "worst_value", "figures", "last_figures", "places", "told_places", "opened_at", "seen_at",
    "out_since", "eased_since", "closed_at", "acknowledged_by", "acknowledged_at",
    "subject_label", "place",
)  # fmt: skip
CHUNK = 500
State = Alert.State


@dataclass
class Changes:
    """What a look found to write."""

    created: list[Alert] = field(default_factory=list)
    changed: list[Alert] = field(default_factory=list)
    forgotten: list[Alert] = field(default_factory=list)
    events: list[AlertEvent] = field(default_factory=list)


def evaluate(now: datetime) -> list[AlertEvent]:
    """Apply every rule as it stands; what happened. Within the transaction of the caller."""
    today = timezone.localdate(now)
    rules = {one.pk: one for one in applied_rules(today)}
    kept = kept_alerts(now)
    readings, changes = Readings(now), Changes()
    for rule in rules.values():
        apply(rule, findings(rule, readings), kept.get(rule.pk, {}), changes, now)
    for number, alerts in kept.items():
        end_orphans(rules.get(number), alerts.values(), changes, now)
    write(changes, today)
    return changes.events


def applied_rules(today) -> Sequence[AlertRule]:
    rows = AlertRule.objects.applied(today).select_related("region", "department")
    return list(rows.order_by("pk"))


def kept_alerts(now: datetime) -> dict[int, dict[Key, Alert]]:
    """By rule: those that live, and those that ended too lately to be begun again."""
    lately = Q(state=State.CLOSED, closed_at__gt=now - RESUMES_WITHIN)
    rows = Alert.objects.filter(~Q(state=State.CLOSED) | lately)
    rows = rows.select_related("rule__region", "rule__department").select_for_update(
        of=("self",), no_key=True
    )
    found: dict[int, dict[Key, Alert]] = {}
    for alert in rows.order_by("closed_at", "pk"):  # the living ones last: they win
        found.setdefault(alert.rule_id, {})[alert.subject, alert.scale, alert.code] = alert
    return found


def apply(
    rule: AlertRule,
    found: Iterable[Found],
    kept: dict[Key, Alert],
    changes: Changes,
    now: datetime,
) -> None:
    """An alert that the rule no longer covers is neither followed nor resumed: another begins."""
    for one in found:
        alert = kept.get(one.key)
        if alert is not None and covers(rule, alert):
            alert.rule = rule
            follow(alert, beside(one, alert), changes, now)
        elif one.holds and (alert is None or alert.state == State.CLOSED):
            begin(rule, one, changes, now)


def begin(rule: AlertRule, found: Found, changes: Changes, now: datetime) -> None:
    alert = watched(rule, found, now)
    changes.events += look(alert, found, now)
    changes.created.append(alert)


def follow(alert: Alert, found: Found, changes: Changes, now: datetime) -> None:
    if is_forgotten(alert, found):
        changes.forgotten.append(alert)
        return
    was_closed = alert.state == State.CLOSED
    if was_closed and not found.holds:
        return
    alert.subject_label = found.subject_label or alert.subject_label
    alert.place = found.place.name
    changes.events += look(alert, found, now)
    changes.changed.append(alert)


def end_orphans(
    rule: AlertRule | None, alerts: Iterable[Alert], changes: Changes, now: datetime
) -> None:
    """Those that nothing follows any more."""
    for alert in alerts:
        reason = why_orphan(rule, alert, now)
        if alert.state == State.CLOSED or not reason:
            continue
        if alert.state == State.WATCHED:
            changes.forgotten.append(alert)
            continue
        changes.events.append(close(alert, now, reason))
        changes.changed.append(alert)


def why_orphan(rule: AlertRule | None, alert: Alert, now: datetime) -> str:
    """The rule stopped, or is about something else; the product or the place left the figures."""
    if rule is None:
        return RULE_STOPPED
    if not covers(rule, alert):
        return RULE_CHANGED
    return SILENT if now - alert.seen_at >= SILENT_FOR else ""


def write(changes: Changes, today) -> None:
    Alert.objects.bulk_create(changes.created, batch_size=CHUNK)
    if changes.changed:
        Alert.objects.bulk_update(unique(changes.changed), CHANGING, batch_size=CHUNK)
    gone = [one.pk for one in changes.forgotten]
    if gone:
        Alert.objects.filter(pk__in=gone, state=State.WATCHED).delete()
    AlertEvent.objects.bulk_create(changes.events, batch_size=CHUNK)
    sample([*changes.created, *changes.changed], today)


def unique(alerts: Iterable[Alert]) -> list[Alert]:
    return list({one.pk: one for one in alerts}.values())


def sample(alerts: Iterable[Alert], today) -> None:
    """The last value of the day of what warned somebody."""
    rows = [
        AlertSample(alert=one, day=today, value=one.value, level=one.level)
        for one in unique(alerts)
        if one.opened_at is not None
    ]
    AlertSample.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["alert", "day"],
        update_fields=["value", "level"],
        batch_size=CHUNK,
    )
