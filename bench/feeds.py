"""A snapshot of national size and the open data of one due day: their time and their memory.

    python bench/feeds.py [--pharmacies 2500]

Nothing is kept.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation  # noqa: I001 - sets Django up
from bench.medicines import LIST, fill
from django.db import connection, transaction
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.feeds.files import write_lines
from pui.feeds.lines import followed_products, lines_of, open_pharmacies, pharmacy_text
from pui.models import LatestStock, Publication
from pui.open_data.reading import rows_of

GOAL_MEMORY = 60  # MiB, whatever the number of lines


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def snapshot(path: Path) -> int:
    """All the lines of the country, in one file."""
    now = timezone.now()
    day = timezone.localdate(now)
    puis = {pui.pk: pharmacy_text(pui) for pui in open_pharmacies(day)}
    return write_lines(path, lines_of(puis, followed_products(now), day))


def run(pharmacies: int) -> None:
    fill(pharmacies)
    print(f"flux, {LatestStock.objects.count()} derniers stocks, {nation.load_text()}")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        path = Path(folder) / "releve.csv.gz"
        seconds, lines = timed(lambda: snapshot(path))
        size = path.stat().st_size / 2**20
        print(f"  relevé : {lines} lignes en {seconds:.1f} s, {size:.1f} Mo compressé")
        tracemalloc.start()
        snapshot(path)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        print(f"  mémoire {peak:.0f} Mio (but < {GOAL_MEMORY})")
        days = calendar_of(LIST).past_dues(timezone.now(), 2)
        publication = Publication(
            monitored_list=MonitoredList.objects.get(pk=LIST),
            due_on=days[1],
            published_at=timezone.now(),
        )
        seconds, rows = timed(lambda: rows_of(publication))
        print(f"  données ouvertes d’une échéance : {len(rows)} lignes en {seconds:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pharmacies", type=int, default=2_500)
    run(parser.parse_args().pharmacies)


if __name__ == "__main__":
    main()
