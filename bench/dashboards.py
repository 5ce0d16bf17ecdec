"""The dashboards from their summaries, beside the same figures computed live in the same run.

    DATABASE_ROLE=owner python bench/dashboards.py [--weeks 14] [--establishments 30000]

Works on whatever the database holds; an empty one is filled first, in the database itself.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

import argparse
import os
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.db.utils import InternalError  # noqa: E402

from common.weeks import current_week, weeks_back  # noqa: E402
from config.demo.national import build_nation  # noqa: E402
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary  # noqa: E402
from epi_stocks.models.summary import COUNTRY  # noqa: E402
from epi_stocks.summaries.computing import department_figures_sql  # noqa: E402
from epi_stocks.summaries.lines import lines_parameters  # noqa: E402
from epi_stocks.summaries.refresh import refresh_weeks  # noqa: E402
from establishments.models import Establishment, Region  # noqa: E402


def fill(weeks: int, places: int) -> None:
    """Make the fictitious country of the national size, and its summaries."""
    call_command("load_reference", verbosity=0)
    for week in build_nation(places=places, weeks=weeks):
        refresh_weeks([week])


def milliseconds(work, times: int) -> tuple[float, float]:
    """Median and 95th percentile of ``work``."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent), sorted(spent)[max(0, int(0.95 * len(spent)) - 1)]


def live(within: str, item: EpiItem, weeks) -> None:
    """The figures of the page, from the lines themselves."""
    with connection.cursor() as cursor:
        for week in weeks:
            cursor.execute(
                f"SELECT department_code, sum(ratio_stock), sum(ratio_daily)"
                f"  FROM ({department_figures_sql(within)}) AS found GROUP BY 1",
                lines_parameters(week, [item.pk]),
            )
            cursor.fetchall()


def compare(title: str, kept, computed, times: int) -> None:
    kept_median, kept_p95 = milliseconds(kept, 30)
    live_median, _ = milliseconds(computed, times)
    print(
        f"{title} : résumés {kept_median:.1f} ms (p95 {kept_p95:.1f}), "
        f"en direct {live_median:.0f} ms, rapport {live_median / kept_median:.0f}"
    )


def run() -> None:
    item = EpiItem.objects.get(code="masques-ffp2")
    week, weeks = current_week(), weeks_back(current_week(), 12)
    region = Region.objects.annotate(size=Count("establishment")).latest("size")
    codes = list(region.departments.values_list("code", flat=True))
    names = ", ".join(f"'{code}'" for code in codes)

    def kept_region(mondays):
        list(
            DepartmentSummary.objects.filter(
                week__in=mondays, item=item, department_code__in=codes
            ).values("week", "department_code", "ratio_stock", "ratio_daily")
        )

    def kept_country(mondays):
        list(RegionSummary.objects.filter(week__in=mondays, item=item).exclude(region_code=COUNTRY))

    refresh, _ = milliseconds(lambda: refresh_weeks([week]), 3)
    print(f"Rafraîchir une semaine : {refresh:.0f} ms")
    within = f"site.department_id IN ({names})"
    compare(
        "Région la plus grande", lambda: kept_region([week]), lambda: live(within, item, [week]), 5
    )
    compare("Pays", lambda: kept_country([week]), lambda: live("true", item, [week]), 3)
    compare("Pays, 12 semaines", lambda: kept_country(weeks), lambda: live("true", item, weeks), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=14)
    parser.add_argument("--establishments", type=int, default=30_000)
    options = parser.parse_args()
    with suppress(InternalError), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    if not Establishment.objects.exists():
        fill(options.weeks, options.establishments)
    run()


if __name__ == "__main__":
    main()
