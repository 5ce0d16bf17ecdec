"""The thresholds of cover of medicines on a day: dated data, read once in a while by a process.

A change holds from the morrow at the earliest: what a process has kept for half a minute never
hides it. The level of a due day past stays that of the thresholds of its day.
"""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from common.cover import DEFAULT_THRESHOLDS, Level, Quantity, Thresholds, level
from common.kept import Kept
from medications.models import CoverRule


def _rules() -> list[CoverRule]:
    return list(CoverRule.objects.order_by("starts_on"))


cover_rules: Kept[list[CoverRule]] = Kept(_rules, [], needs_base=True)


def thresholds_of(due_on: date | None = None) -> Thresholds:
    """Those of a due day; of today for one to come, or without any."""
    rules = cover_rules.value()
    if not rules:
        return DEFAULT_THRESHOLDS
    today = timezone.localdate()
    return in_force(rules, min(due_on, today) if due_on else today)


def level_of(stock: Quantity | None, daily: Quantity | None, due_on: date | None = None) -> Level:
    """The level of a stock of medicine by the thresholds of its due day."""
    return level(stock, daily, thresholds_of(due_on))


def in_force(rules: Iterable[CoverRule], day: date) -> Thresholds:
    """Of rules in order of their first day."""
    found = [rule for rule in rules if rule.starts_on <= day]
    return found[-1].thresholds if found else DEFAULT_THRESHOLDS
