"""What is decided and not yet in force: shown on the lists before it surprises anybody."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from medications.calendar import Due
from medications.models import MonitoredList, Monitoring, ReportingRule
from medications.sentences import rhythm_sentence

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """From ``starts_on`` on, what happens; ``code`` leads to the product, where there is one."""

    starts_on: date
    sentence: str
    code: str = ""


def announced_changes(monitored_list: MonitoredList, today: date) -> list[Change]:
    """The changes of a list after today, the nearest first: two statements."""
    rows = list(
        Monitoring.objects.filter(
            Q(starts_on__gt=today) | Q(ends_on__gte=today), monitored_list=monitored_list
        ).select_related("product")
    )
    begun = {(row.product_id, row.starts_on) for row in rows}
    ended = {(row.product_id, row.ends_on + ONE_DAY) for row in rows if row.ends_on}
    changes = [_beginning(row, ended) for row in rows if row.starts_on > today]
    changes += [
        Change(row.ends_on + ONE_DAY, f"{row.product.label} n’est plus suivi", row.product.code)
        for row in rows
        if row.ends_on and (row.product_id, row.ends_on + ONE_DAY) not in begun
    ]
    rules = ReportingRule.objects.filter(monitored_list=monitored_list, starts_on__gt=today)
    changes += [
        Change(rule.starts_on, f"la liste se déclare {rhythm_sentence(_due(rule))}")
        for rule in rules
    ]
    return sorted(changes, key=lambda one: (one.starts_on, one.sentence))


def _beginning(row: Monitoring, ended: set[tuple[int, date]]) -> Change:
    """A row that follows another one is a change of priority, else a beginning."""
    priority = row.get_priority_display()
    if (row.product_id, row.starts_on) in ended:
        return Change(row.starts_on, f"{row.product.label} passe en {priority}", row.product.code)
    sentence = f"{row.product.label} est suivi, {priority}"
    return Change(row.starts_on, sentence, row.product.code)


def _due(rule: ReportingRule) -> Due:
    return Due(rule.starts_on, tuple(rule.weekdays), rule.due_time)
