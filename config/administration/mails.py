"""The mails as the operator of the service sees them: how many, never to whom nor about what."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import SentMail
from config.administration.jobs import rows_of
from config.administration.task_names import name_of

DAYS = 14
WRITTEN = ("accounts.tasks.send_notice", "accounts.tasks.send_sealed")
STATES = """
    SELECT task_name,
           count(*) FILTER (WHERE status IN ('todo', 'doing') AND attempts = 0),
           count(*) FILTER (WHERE status IN ('todo', 'doing') AND attempts > 0),
           count(*) FILTER (WHERE status = 'failed')
      FROM procrastinate_jobs WHERE task_name = ANY(%(tasks)s)
     GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Mails:
    """Mails of one kind: waiting to leave, tried again after a refusal, given up."""

    task: str
    waiting: int
    tried_again: int
    failed: int

    @property
    def name(self) -> str:
        return name_of(self.task)


def states() -> list[Mails]:
    found = {row[0]: Mails(*row) for row in rows_of(STATES, {"tasks": list(WRITTEN)})}
    return [found.get(task, Mails(task, 0, 0, 0)) for task in WRITTEN]


def sent_by_day(today: date | None = None) -> list[tuple[date, int]]:
    """How many left on each of the last days, today included; 0 is told."""
    today = today or timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    found = dict(
        SentMail.objects.annotate(day=TruncDate("sent_at"))
        .filter(day__gte=first)
        .order_by("day")
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    days = [first + timedelta(days=ahead) for ahead in range(DAYS)]
    return [(day, found.get(day, 0)) for day in days]
