"""The views of a territory from their summaries, beside the same figures computed from the lines.

    python bench/medicines.py [--pharmacies 2500] [--seconds 10]

Fills the database until it holds that many pharmacies; each declares the products of « autres
médicaments » at the last due days, 200 followed at most.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from config.demo.pharmacies import LATEST
from establishments.models import Region
from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import LatestStock, Pui
from pui.region.filters import RegionFilter
from pui.region.listing import PER_PAGE
from pui.region.reading import map_rows, own_rows, read_page, stocks_of
from pui.region.refreshing import page_days, refresh_all, refresh_changed
from pui.region.rows import read_rows
from pui.region.scope import scope_for

GOAL_P95, GOAL_RATIO = 25, 50
PAUSE = 0.05  # seconds between two rounds
PHARMACIES = """
INSERT INTO pui_pui
       (establishment_id, label, ipe, recipient, address, postal_code, town, address_reason, access,
        delivery_terms, opening_hours, contact_name, contact_phone, contact_email, on_call_phone,
        opened_on, closing_reason, created_at)
SELECT site.id, 'PUI du banc ' || site.finess || ' ' || rank, '', '', '', '', '', '', '', '', '',
       '', '', '', '', DATE '2015-01-01', '', now()
  FROM establishments_establishment site CROSS JOIN generate_series(1, 3) rank
 WHERE site.region_id IS NOT NULL AND site.closed_on IS NULL
 ORDER BY rank, hashtext(site.finess) LIMIT %(missing)s
    ON CONFLICT DO NOTHING
"""
SENT = """
INSERT INTO pui_transmission
       (number, pui_id, monitored_list_id, due_on, origin, state, filename, path, digest, key,
        content, report, message, received_at, confirmed_at, progress)
SELECT gen_random_uuid(), pui.id, %(list)s, %(due_on)s, 'file', 'confirmed', '', '', '', '',
       '[]', '{}', '', %(at)s, %(at)s, 0
  FROM pui_pui pui WHERE pui.closed_on IS NULL
    ON CONFLICT DO NOTHING
"""
LINES = """
INSERT INTO pui_stockline (due_on, pui_id, product_id, stock, daily, transmission_id)
SELECT %(due_on)s, sent.pui_id, product.id,
       abs(hashint8(sent.pui_id * 1000 + product.id)) %% 900, 1 + product.id %% 20, sent.id
  FROM pui_transmission sent CROSS JOIN unnest(%(products)s::bigint[]) product(id)
 WHERE sent.monitored_list_id = %(list)s AND sent.due_on = %(due_on)s AND sent.state = 'confirmed'
    ON CONFLICT DO NOTHING
"""
LIVE = """
SELECT line.due_on, site.region_id, product.substance_id,
       sum(line.stock), sum(line.daily)
  FROM pui_stockline line
  JOIN pui_pui pui ON pui.id = line.pui_id
  JOIN establishments_establishment site ON site.id = pui.establishment_id
  JOIN medications_product product ON product.id = line.product_id
 WHERE line.due_on = ANY(%(days)s) AND line.product_id = ANY(%(products)s)
   AND (%(region)s = '' OR site.region_id = %(region)s)
 GROUP BY 1, 2, 3
"""
LIST = MonitoredList.Slug.OTHERS
FILLED = 4  # due days: those that a page's figures of today may take


def fill(pharmacies: int) -> None:
    """Complete the pharmacies, then what each declared of every product followed."""
    calendar, now = calendar_of(LIST), timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        missing = max(0, pharmacies - Pui.objects.count())
        cursor.execute(PHARMACIES, {"missing": missing})
        if missing:
            days = page_days(calendar, now)[:FILLED]
            for day in days:
                asked = {"list": LIST, "due_on": day, "at": min(now, calendar.due_at(day))}
                cursor.execute(SENT, asked)
                cursor.execute(LINES, asked | {"products": followed()})
            cursor.execute(LATEST, {"days": days, "list": LIST})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def followed() -> list[int]:
    rows = MonitoredList.objects.get(pk=LIST).monitorings.filter(ends_on=None)
    return list(rows.values_list("product_id", flat=True))


def page_of(person, **asked: str) -> Callable[[], web.StatementClock]:
    """Read all that a page says, and how long its statements took."""

    def read() -> web.StatementClock:
        query = QueryDict(mutable=True)
        query.update(asked)
        clock = web.StatementClock()
        with connection.execute_wrapper(clock):
            scope = scope_for(person, RegionFilter(query, user=person))
            read_page(scope)
            read_rows(scope, limit=PER_PAGE)
        return clock

    return read


def figures_of(person) -> Callable[[], web.StatementClock]:
    """Read the figures of the map and of the trend alone: those that ``live_of`` computes."""

    def read() -> web.StatementClock:
        scope = scope_for(person, RegionFilter(QueryDict(), user=person))
        clock = web.StatementClock()
        with connection.execute_wrapper(clock):
            stocks_of(scope, scope.days, own_rows(scope))
            stocks_of(scope, scope.days[:1], map_rows(scope))
        return clock

    return read


def live_of(person) -> float:
    """Milliseconds of the figures of the map and of the trend, computed from the lines."""
    scope = scope_for(person, RegionFilter(QueryDict(), user=person))
    asked = {
        "days": scope.days,
        "products": scope.focus_ids,
        "region": scope.territory.region_code,
    }
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(LIVE, asked)
        cursor.fetchall()
    return 1000 * (time.perf_counter() - start)


def compare(pages: dict[str, Callable[[], web.StatementClock]], seconds: float) -> dict[str, float]:
    """Read in turns for ``seconds``; print and return the medians."""
    clocks: dict[str, list[web.StatementClock]] = defaultdict(list)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for title, read in pages.items():
            clocks[title].append(read())
        time.sleep(PAUSE)
    for title, found in clocks.items():
        spent = [clock.milliseconds for clock in found]
        print(
            f"  {title} : {found[0].statements} requêtes, {statistics.median(spent):.1f} ms, "
            f"95e centile {nation.percentile(spent):.1f} (but < {GOAL_P95})"
        )
    return {
        title: statistics.median(one.milliseconds for one in found)
        for title, found in clocks.items()
    }


def run(pharmacies: int, seconds: float) -> None:
    fill(pharmacies)
    region = Region.objects.annotate(size=Count("establishment__puis")).latest("size")
    ars = nation.person_of("ARL", domain="dispostock", on=region)
    national = nation.person_of("NAT", domain="dispostock")
    print(
        f"médicaments, {Pui.objects.count()} PUI, {LatestStock.objects.count()} derniers stocks, "
        f"{nation.load_text()}"
    )
    for title, work in (("tout", refresh_all), ("ce qui change", refresh_changed)):
        start = time.perf_counter()
        days = work()
        print(f"  résumer {title} : {days} échéances en {time.perf_counter() - start:.1f} s")
    spent = compare(
        {
            "page d’une ARS": page_of(ars),
            "page nationale": page_of(national),
            "carte et courbe d’une ARS": figures_of(ars),
            "carte et courbe du pays": figures_of(national),
        },
        seconds,
    )
    for title, person in (
        ("carte et courbe d’une ARS", ars),
        ("carte et courbe du pays", national),
    ):
        live = statistics.median(live_of(person) for _ in range(3))
        print(
            f"  {title} : en direct {live:.0f} ms, rapport {live / spent[title]:.0f} "
            f"(but ≥ {GOAL_RATIO})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pharmacies", type=int, default=2_500)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    run(options.pharmacies, options.seconds)


if __name__ == "__main__":
    main()
