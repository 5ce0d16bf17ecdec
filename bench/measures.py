"""What measuring costs: one cell saved with and without it, and a batch written, in one run.

    python bench/measures.py [--seconds 2] [--rounds 5]

« With » is as deployed: a line of log formatted and written, the statements counted, the request
added up. « Without »: the same application without that middleware and that counting.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - sets Django up
from bench.epi_saving import Saver, start_blank, tickets
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from common.statements import watched
from monitoring.recorder import PAGE, Recorder

MEASURE = "monitoring.middleware.MeasureMiddleware"
EVERY = 10  # seconds between two batches, as deployed
ROUTES = 100  # met by one process between two batches: a busy one


def unmeasured() -> WSGIHandler:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != MEASURE]
    connection.execute_wrappers.remove(watched)
    return WSGIHandler()


def saver_of(kind, session, places):
    def make(number):
        saver = Saver(number, places, session, "ours")
        if kind == "without":
            saver.browser.application = unmeasured()
        return saver.save_one

    return make


def batch_millis() -> float:
    """The time of a batch of ``ROUTES`` lines, median of twenty."""
    recorder, times = Recorder(), []
    for _ in range(20):
        for number in range(ROUTES):
            recorder.add((PAGE, f"page-{number}", "GET", "200"), 12, 3, 4)
        start = time.perf_counter()
        recorder.flush()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with web.own_database("bench_measures"):
        session, found = web.prepare(web.PLACES)
        places = tickets(found)
        kinds = {kind: saver_of(kind, session, places) for kind in ("without", "with")}
        rates, processor = web.in_turns(kinds, asked.seconds, asked.rounds, start_blank)
        batch = batch_millis()
    more = processor["with"] - processor["without"]
    print(f"sans  {rates['without']:7.0f} cases/s  {processor['without']:.3f} ms de processeur")
    print(f"avec  {rates['with']:7.0f} cases/s  {processor['with']:.3f} ms de processeur")
    print(f"part de la mesure : {100 * more / processor['with']:.1f} % ({1000 * more:.0f} µs)")
    print(
        f"un lot de {ROUTES} lignes : {batch:.1f} ms, toutes les {EVERY} s "
        f"({100 * batch / 1000 / EVERY:.2f} % d’un processus)"
    )


if __name__ == "__main__":
    main()
