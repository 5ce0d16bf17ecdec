"""The dashboards from their summaries, beside the same figures computed live in the same run:
at rest, then while 400 cells a second are saved and the summaries are kept.

    python bench/dashboards.py [--weeks 14] [--establishments 30000] [--seconds 40]

Works on whatever the base holds (see ``nation.py``); an empty one is filled first. Only a national
base is typed in.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection
from django.db.models import Count
from django.http import QueryDict

from common.weeks import current_week, weeks_back
from epi_stocks.dashboard.page import read_dashboard
from epi_stocks.dashboard.scope import scope_for
from epi_stocks.dashboard.territory import territory_for
from epi_stocks.filters import DashboardFilter
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary
from epi_stocks.models.summary import COUNTRY
from epi_stocks.summaries.computing import department_figures_sql
from epi_stocks.summaries.lines import EVERYWHERE, lines_parameters
from epi_stocks.summaries.refresh import refresh_weeks
from establishments.models import Region

RATE = 400  # cells a second
PAUSE = 0.05  # seconds between two rounds of readings
GOAL_P95, GOAL_RATIO = 25, 50


@dataclass(frozen=True)
class Reading:
    """The same figures read from the summaries and computed live."""

    title: str
    kept: Callable[[], object]
    computed: Callable[[], object]
    times: int  # of the live one, which is long


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the statements of ``work`` take."""
    clock = web.StatementClock()
    with connection.execute_wrapper(clock):
        work()
    return clock.milliseconds


def page_of(person) -> Callable[[], web.StatementClock]:
    """Read all the figures of a person's page, and how long its statements took."""

    def read() -> web.StatementClock:
        clock = web.StatementClock()
        with connection.execute_wrapper(clock):
            territory = territory_for(person)
            form = DashboardFilter(QueryDict(), user=person, territory=territory)
            read_dashboard(scope_for(person, territory, form))
        return clock

    return read


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


def readings(region: Region) -> list[Reading]:
    item = EpiItem.objects.get(code="masques-ffp2")
    week, weeks = current_week(), weeks_back(current_week(), 12)
    codes = list(region.departments.values_list("code", flat=True))
    names = ", ".join(f"'{code}'" for code in codes)
    within = f"site.department_id IN ({names})"

    def kept_region(mondays):
        rows = DepartmentSummary.objects.filter(week__in=mondays, item=item)
        rows = rows.filter(department_code__in=codes)
        return list(rows.values("week", "department_code", "ratio_stock", "ratio_daily"))

    def kept_country(mondays):
        rows = RegionSummary.objects.filter(week__in=mondays, item=item)
        return list(rows.exclude(region_code=COUNTRY))

    return [
        Reading(
            "région la plus grande",
            lambda: kept_region([week]),
            lambda: live(within, item, [week]),
            5,
        ),
        Reading("pays", lambda: kept_country([week]), lambda: live(EVERYWHERE, item, [week]), 3),
        Reading(
            "pays, 12 semaines",
            lambda: kept_country(weeks),
            lambda: live(EVERYWHERE, item, weeks),
            1,
        ),
    ]


def compare(asked: list[Reading], seconds: float) -> None:
    """Read in turns for ``seconds``, then compute live; print both."""
    spent: dict[str, list[float]] = defaultdict(list)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for one in asked:
            spent[one.title].append(timed(one.kept))
        time.sleep(PAUSE)
    for one in asked:
        kept = statistics.median(spent[one.title])
        computed = statistics.median(timed(one.computed) for _ in range(one.times))
        p95 = nation.percentile(spent[one.title])
        print(
            f"  {one.title} : résumés {kept:.1f} ms, 95e centile {p95:.1f} (but < {GOAL_P95}) ; "
            f"en direct {computed:.0f} ms, rapport {computed / kept:.0f} (but ≥ {GOAL_RATIO})"
        )


def compare_pages(pages: dict[str, Callable[[], web.StatementClock]], seconds: float) -> None:
    """All that a page reads for its figures, its lists left aside."""
    clocks: dict[str, list[web.StatementClock]] = defaultdict(list)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for title, read in pages.items():
            clocks[title].append(read())
        time.sleep(PAUSE)
    for title, found in clocks.items():
        spent = [clock.milliseconds for clock in found]
        print(
            f"  {title} : tout le SQL des chiffres, {found[0].statements} requêtes, "
            f"{statistics.median(spent):.1f} ms, 95e centile {nation.percentile(spent):.1f} "
            f"(but < {GOAL_P95})"
        )


def run(is_national: bool, seconds: float) -> None:
    region = Region.objects.annotate(size=Count("establishment")).latest("size")
    asked = readings(region)
    pages = {
        "page d’une ARS": page_of(nation.person_of("ARL", domain="epi_stock", on=region)),
        "page de la cellule nationale": page_of(nation.person_of("NAT", domain="epi_stock")),
    }
    spent = min(timed(lambda: refresh_weeks([current_week()])) for _ in range(3))
    print(f"tableaux de bord, {nation.load_text()}")
    print(f"  rafraîchir une semaine : {spent:.0f} ms")
    compare(asked, seconds / 10)
    compare_pages(pages, seconds / 10)
    if not is_national:
        print("  pas de base nationale ici : rien n’est mesuré pendant la saisie")
        return
    people = nation.typists()
    with nation.typing(people, rate=RATE) as typing, nation.refreshing() as refreshes:
        first, start = typing.count, time.perf_counter()
        print(f"tableaux de bord pendant la saisie, {nation.load_text()}")
        compare(asked, seconds)
        compare_pages(pages, seconds)
        rate = (typing.count - first) / (time.perf_counter() - start)
        took = ", ".join(f"{one:.1f}" for one in refreshes)
    print(
        f"  {rate:.0f} cases par seconde (but {RATE}) ; résumés tenus en {took} s "
        f"toutes les {nation.EVERY} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=14)
    parser.add_argument("--establishments", type=int, default=30_000)
    parser.add_argument("--seconds", type=float, default=40)
    options = parser.parse_args()
    run(nation.prepare_nation(options.weeks, options.establishments), options.seconds)


if __name__ == "__main__":
    main()
