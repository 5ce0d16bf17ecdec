"""What the measures themselves tell: the slow statements that are kept."""

from collections.abc import Iterable

from django.db.models import Sum

from common.probes import Probe, Sample, one
from monitoring.models import SlowStatement


def slow_statements() -> Iterable[Sample]:
    """How often they came; one that comes no more leaves after a month: the figure goes down."""
    return one(SlowStatement.objects.aggregate(total=Sum("count", default=0))["total"])


PROBES = (Probe("slow_statements", "Statements of more than 0.2 s, kept a month", slow_statements),)
