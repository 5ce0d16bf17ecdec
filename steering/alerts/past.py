"""What was changed of a rule, by whom: read from the history that the database keeps."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from pui.history import Value, events_of, text_of
from steering.alerts.measures import measure_of
from steering.models import AlertRule

LEFT_OUT = ("id", "code", "created_by", "created_at")
SYSTEM = "Le système"


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    what: str
    values: list[Value]


def changes_of(rule: AlertRule) -> list[Change]:
    """The last first."""
    states = list(events_of(AlertRule, pgh_obj=rule.pk))
    numbers = {one for state in states if (one := who_of(state))}
    people = {one.pk: str(one) for one in User.objects.filter(pk__in=numbers)}
    found, before = [], None
    for state in states:
        values = [] if before is None else differences(before, state)
        if before is None or values:
            who = people.get(who_of(state) or 0, SYSTEM)
            found.append(Change(state.pgh_created_at, who, what_of(before, state), values))
        before = state
    return found[::-1]


def who_of(state: Any) -> int | None:
    who: int | None = (state.pgh_context.metadata if state.pgh_context else {}).get("user")
    return who


def what_of(before: Any, after: Any) -> str:
    if before is None:
        return "Création de la règle"
    if before.is_active != after.is_active:
        return "Règle reprise" if after.is_active else "Règle arrêtée"
    return "Modification"


def differences(before: Any, after: Any) -> list[Value]:
    told = []
    for one in AlertRule._meta.concrete_fields:
        if one.name in LEFT_OUT:
            continue
        old, new = getattr(before, one.attname), getattr(after, one.attname)
        if old != new:
            told.append(Value(str(one.verbose_name), shown(one, old), shown(one, new)))
    return told


def shown(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    if isinstance(value, date) or value in (None, ""):
        return text_of(value)
    if field.name == "measure":
        return measure_of(value).label
    return str(dict(field.flatchoices).get(value, value))
