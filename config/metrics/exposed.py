"""The measures in the words of Prometheus: totals since the beginning, and readings of this moment.

The labels are names of routes, of tasks and of queues: as many as the code has.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db import Error, connection
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.metrics_core import Metric

from common.installed import modules
from common.probes import MOST_SAMPLES, PREFIX, Probe
from config.metrics.probes import PROBES
from monitoring.histogram import BOUNDS
from monitoring.models import Total
from monitoring.objective import budget_ever
from monitoring.recorder import JOB, PAGE

logger = logging.getLogger(__name__)
EDGES = [*(f"{bound / 1000:g}" for bound in BOUNDS), "+Inf"]


class Measures:
    """What is told at each visit. Without the base, only that it does not answer."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(told())
        except Error as refusal:
            logger.warning("the database does not answer: %s", type(refusal).__name__)
            found = []
        finally:
            connection.close()
        up = GaugeMetricFamily(PREFIX + "database_up", "Whether the database answers")
        up.add_metric([], float(bool(found)))
        yield up
        yield from found


def told() -> Iterator[Metric]:
    totals = list(Total.objects.order_by("kind", "name", "method", "outcome"))
    yield from pages([one for one in totals if one.kind == PAGE])
    yield from jobs([one for one in totals if one.kind == JOB])
    yield from objective()
    yield from readings(probes())


def pages(totals: Sequence[Total]) -> Iterator[Metric]:
    asked = CounterMetricFamily(
        PREFIX + "requests", "Requests answered", labels=["route", "method", "status"]
    )
    sent = CounterMetricFamily(
        PREFIX + "request_statements", "Statements sent to the database", labels=["route"]
    )
    spent = CounterMetricFamily(
        PREFIX + "request_database_seconds", "Time in the database", labels=["route"]
    )
    lasting = HistogramMetricFamily(
        PREFIX + "request_seconds", "Time to answer, to the first byte", labels=["route"]
    )
    for one in totals:
        asked.add_metric([one.name, one.method, one.outcome], one.count)
    for name, same in by_name(totals).items():
        sent.add_metric([name], sum(one.statements for one in same))
        spent.add_metric([name], sum(one.statement_millis for one in same) / 1000)
        seconds = sum(one.millis for one in same) / 1000
        lasting.add_metric([name], cumulated(same), sum_value=seconds)
    yield from (asked, sent, spent, lasting)


def jobs(totals: Sequence[Total]) -> Iterator[Metric]:
    ended = CounterMetricFamily(PREFIX + "jobs", "Jobs that ended", labels=["task", "outcome"])
    lasting = SummaryMetricFamily(PREFIX + "job_seconds", "Time of the jobs", labels=["task"])
    for one in totals:
        ended.add_metric([one.name, one.outcome], one.count)
    for name, same in by_name(totals).items():
        seconds = sum(one.millis for one in same) / 1000
        lasting.add_metric([name], sum(one.count for one in same), seconds)
    yield from (ended, lasting)


def by_name(totals: Iterable[Total]) -> dict[str, list[Total]]:
    found: dict[str, list[Total]] = defaultdict(list)
    for one in totals:
        found[one.name].append(one)
    return found


def cumulated(totals: Sequence[Total]) -> list[tuple[str, float]]:
    """How many lasted at most so long: each class holds those before."""
    sums = [sum(counts) for counts in zip(*(one.buckets for one in totals), strict=True)]
    return [(edge, float(sum(sums[: rank + 1]))) for rank, edge in enumerate(EDGES)]


def objective() -> Iterator[Metric]:
    budget = budget_ever()
    asked = CounterMetricFamily(PREFIX + "objective_requests", "Requests of the objective")
    asked.add_metric([], budget.total)
    missed = CounterMetricFamily(PREFIX + "objective_missed", "Those that missed it")
    missed.add_metric([], budget.missed)
    target = GaugeMetricFamily(PREFIX + "objective_ratio", "The objective")
    target.add_metric([], settings.OBJECTIVE_PERCENT / 100)
    yield from (asked, missed, target)


def probes() -> list[Probe]:
    """Ours, and those that each app offers."""
    return [*PROBES, *(probe for module in modules("probes") for probe in module.PROBES)]


def readings(found: Sequence[Probe]) -> Iterator[Metric]:
    """One that fails is said to fail, and the others are read."""
    works = GaugeMetricFamily(PREFIX + "probe_up", "Whether a probe could read", labels=["probe"])
    for probe in found:
        gauge = GaugeMetricFamily(probe.full_name, probe.help, labels=list(probe.labels))
        try:
            samples = list(probe.read())[:MOST_SAMPLES]
        except Exception as failure:
            logger.warning("probe %s failed: %s", probe.name, type(failure).__name__)
            works.add_metric([probe.name], 0.0)
            continue
        for sample in samples:
            gauge.add_metric(list(sample.labels), sample.value)
        works.add_metric([probe.name], 1.0)
        if samples:
            yield gauge
    yield works
