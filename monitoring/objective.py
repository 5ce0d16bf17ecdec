"""The promise of the service and what is left of the failures it allows: the error budget.

A request keeps the promise when it was answered without a failure (a status under 500) within the
milliseconds of the objective. What the operator chose (the maintenance page), files and the page
that probes ask all day long are not counted.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from common.routes import MAINTENANCE, STATIC
from monitoring.histogram import BOUNDS
from monitoring.recorder import PAGE

NOT_COUNTED = (STATIC, MAINTENANCE, "health")
ASKED = "kind = %(page)s AND NOT name = ANY(%(left)s)"


@dataclass(frozen=True, slots=True)
class Budget:
    """Of ``total`` requests, ``missed`` did not keep the promise."""

    total: int
    missed: int
    percent: float  # the objective

    @property
    def allowed(self) -> float:
        """How many may miss it: as many as the objective leaves."""
        return self.total * (100 - self.percent) / 100

    @property
    def kept_percent(self) -> float | None:
        return 100 * (self.total - self.missed) / self.total if self.total else None

    @property
    def left_percent(self) -> float | None:
        """Of the budget; negative once it is overspent."""
        return 100 * (1 - self.missed / self.allowed) if self.total else None

    @property
    def burn_rate(self) -> float | None:
        """1: the whole budget would be spent exactly at the end of the period."""
        return self.missed / self.allowed if self.total else None


def budget_since(since: datetime) -> Budget:
    query = f"SELECT {sums()} FROM monitoring_traffic WHERE at >= %(since)s AND {ASKED}"  # noqa: S608
    return _read(query, {"since": since})


def budget_ever() -> Budget:
    return _read(f"SELECT {sums()} FROM monitoring_total WHERE {ASKED}", {})  # noqa: S608


def sums() -> str:
    """How many there were, and how many kept the promise."""
    classes = BOUNDS.index(settings.OBJECTIVE_MS) + 1
    in_time = " + ".join(f"buckets[{one}]" for one in range(1, classes + 1))
    return f"COALESCE(sum(count), 0), COALESCE(sum({in_time}) FILTER (WHERE outcome < '500'), 0)"


def _read(query: str, asked: dict) -> Budget:
    with connection.cursor() as cursor:
        cursor.execute(query, asked | {"page": PAGE, "left": list(NOT_COUNTED)})
        total, kept = (int(one) for one in cursor.fetchone())
    return Budget(total, total - kept, settings.OBJECTIVE_PERCENT)
