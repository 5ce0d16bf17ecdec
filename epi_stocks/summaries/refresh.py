"""Makes the summaries of a week equal to its lines, writing only what changed.

MERGE in the form that PostgreSQL 15 knows: the source is what is computed, joined fully with the
keys that the week already has; what is not computed any more is deleted.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from common.locks import Lock
from common.weeks import closes_at, current_week, shift
from epi_stocks.calendar import WeekCalendar
from epi_stocks.models import DeclarationRule
from epi_stocks.models.summary import (
    DepartmentSummary,
    RegionSummary,
    ReportingSummary,
    StaleWeek,
    SummarisedWeek,
)
from epi_stocks.summaries.computing import (
    department_figures_sql,
    region_figures_sql,
    reporting_figures_sql,
    week_parameters,
)

USUAL_CARRIED = WeekCalendar(current_week()).carried_weeks
TYPED_FOR = 14  # days from its Monday during which a week is typed without being marked
SETTLING = timedelta(hours=4)  # marks go by the date in UTC: some hours after midnight in Paris
SUMMARIES = (
    (DepartmentSummary, department_figures_sql),
    (RegionSummary, region_figures_sql),
    (ReportingSummary, reporting_figures_sql),
)


def refresh_due_weeks() -> list[date]:
    """Refresh the weeks being typed, and the older ones that were marked. Return the weeks done."""
    marks = dict(StaleWeek.objects.values_list("pk", "week"))
    return refresh_weeks({*last_weeks(), *touched_by(marks.values())}, settled=marks)


def last_weeks() -> set[date]:
    """The weeks that are refreshed each time, changed or not: this one and the one before.

    The one that has just closed is still among them in the first hours of a Monday.
    """
    now = timezone.now()
    weeks = (shift(current_week(now), -back) for back in range(3))
    return {week for week in weeks if now < closes_at(week, TYPED_FOR) + SETTLING}


def touched_by(weeks: Iterable[date]) -> set[date]:
    """The weeks whose figures may take values of ``weeks``: themselves and those that follow."""
    farthest = DeclarationRule.objects.aggregate(weeks=Max("carried_weeks", default=USUAL_CARRIED))
    reached = {shift(week, ahead) for week in weeks for ahead in range(farthest["weeks"] + 1)}
    return {week for week in reached if week <= current_week()}


@transaction.atomic
def refresh_weeks(weeks: Iterable[date], settled: Iterable[int] = ()) -> list[date]:
    """Refresh ``weeks`` in one transaction; nothing is done while another refresh is under way.

    ``settled`` are the marks read before computing: a mark laid since then waits for the next time.
    """
    done = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        # a whole week is read: row by row, right after a load, it would take minutes
        cursor.execute("SET LOCAL enable_nestloop = off")
        # a forbidden join makes any plan look dear: compiling it takes longer than running it
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")  # the lines of a week sort without a file
        # nobody waits for it: it leaves the other processors to those who type
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.SUMMARIES])
        if not cursor.fetchone()[0]:
            return done
        for week in sorted(weeks):
            parameters = week_parameters(week)
            for model, computed in SUMMARIES:
                cursor.execute(merge_sql(model, computed()), parameters)
            SummarisedWeek.objects.bulk_create(
                [SummarisedWeek(week=week, refreshed_at=_now(cursor))],
                update_conflicts=True,
                unique_fields=["week"],
                update_fields=["refreshed_at"],
            )
            done.append(week)
    StaleWeek.objects.filter(pk__in=list(settled)).delete()
    return done


def merge_sql(model, computed: str) -> str:
    """Write the MERGE that makes the rows of a week in ``model``'s table those of ``computed``."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    keys = [model._meta.get_field(name).column for name in model._meta.pk.field_names]
    values = [column for column in columns if column not in keys]

    def listed(names, prefix=""):
        return ", ".join(f"{prefix}{name}" for name in names)

    return f"""
MERGE INTO {model._meta.db_table} AS kept
USING (
    WITH computed AS ({computed}),
    known AS (SELECT {listed(keys)} FROM {model._meta.db_table} WHERE week = %(week)s)
    SELECT {listed(keys)}, {listed(values, "computed.")}, computed.week IS NULL AS is_over
      FROM computed FULL JOIN known USING ({listed(keys)})
) AS fresh ON {" AND ".join(f"kept.{key} = fresh.{key}" for key in keys)}
WHEN MATCHED AND fresh.is_over THEN DELETE
WHEN MATCHED AND ({listed(values, "kept.")}) IS DISTINCT FROM ({listed(values, "fresh.")})
    THEN UPDATE SET {", ".join(f"{name} = fresh.{name}" for name in values)}
WHEN NOT MATCHED
    THEN INSERT ({listed([*keys, *values])}) VALUES ({listed([*keys, *values], "fresh.")})
"""


def _now(cursor):
    cursor.execute("SELECT now()")
    return cursor.fetchone()[0]


def declared_weeks() -> list[date]:
    """Every week somebody opened, found through the index whatever their number of inventories."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE found(week) AS (
                SELECT min(week) FROM epi_stocks_weeklyinventory
                UNION ALL
                SELECT (SELECT min(later.week) FROM epi_stocks_weeklyinventory AS later
                         WHERE later.week > found.week)
                  FROM found WHERE found.week IS NOT NULL)
            SELECT week FROM found WHERE week IS NOT NULL
            """
        )
        return [week for (week,) in cursor.fetchall()]
