"""The inventory page (every line, this week and the last), beside a raw upsert loop, in one run.

    python bench/inventory_page.py [--seconds 2] [--rounds 3]

Same path as ``epi_saving.py``: the real WSGI application, a database made and removed.
"""

import argparse
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - sets Django up
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.weeks import current_week
from epi_stocks.models import EpiItem
from tests.builders import make_line

SITES = 4  # of the entity: a hospital and what goes with it; the page lists them
GOAL, MOST_STATEMENTS, LARGEST = 0.06, 6, 60_000


def fill(places):
    """Every item of every place, gloves by size, this week and the one before."""
    items = EpiItem.objects.exclude(code="gants").values_list("pk", flat=True)
    weeks = (current_week() - timedelta(days=7), current_week())
    for place in places:
        for item in items:
            for week in weeks:
                make_line(place, week, item_id=item, stock=1000 + item, daily=40, supply=200)


class Reader:
    """A worker that opens the page of one place after another."""

    def __init__(self, number, places, session):
        self.browser = web.Browser(session)
        self.places = places
        self.count = number

    def read_one(self):
        self.count += 1
        finess = self.places[self.count % len(self.places)].finess
        return self.browser.get(f"/epi-stocks/inventaire/{finess}/{current_week()}/")


def measure(session, places, seconds, rounds):
    reader = Reader(0, places, session)
    reader.read_one()
    with CaptureQueriesContext(connection) as queries:
        size = len(reader.read_one())
    kinds = {
        "raw": None,
        "crowd": None,
        "page": lambda number: Reader(number, places, session).read_one,
    }
    rates, processor = web.in_turns(kinds, seconds, rounds, lambda: None)
    tell(rates, processor, len(queries), size)


def tell(rates, processor, statements, size):
    page, raw = rates["page"], rates["raw"]
    print(f"page d’inventaire : {page:.0f}/s, boucle brute {raw:.0f}/s")
    print(f"  rapport à la boucle brute {web.ratio(page, rates)} (but ≥ {GOAL})")
    print(f"  requêtes SQL : {statements} (but ≤ {MOST_STATEMENTS})")
    print(f"  taille : {size / 1000:.1f} ko (but < {LARGEST // 1000})")
    print(
        f"  processeur, Python et PostgreSQL : {processor['page']:.2f} ms la page, "
        f"boucle brute {processor['raw']:.2f}"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with web.own_database("bench_page"):
        session, places = web.prepare(SITES)
        fill(places)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure(session, places, options.seconds, options.rounds)


if __name__ == "__main__":
    main()
