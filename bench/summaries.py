"""How much of the saving throughput the upkeep of the summaries takes, at the national size.

    python bench/summaries.py [--seconds 30] [--rounds 3] [--workers 4]

Cells are saved as fast as ``--workers`` processes can, through the service; turns with a refresh of
the weeks due (what the task worker does every forty seconds) alternate with turns without.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection

from epi_stocks.summaries.refresh import refresh_due_weeks

GOAL = 0.05


def refresh_once(answers) -> None:
    """In a process of its own, as the task worker's; say the seconds and those of processor."""
    connection.close()
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    used, start = web.processor_used(backend), time.perf_counter()
    refresh_due_weeks()
    answers.put((time.perf_counter() - start, web.processor_used(backend) - used))
    connection.close()


def turn(typing: nation.Typing, seconds: float, answers=None) -> float:
    """Cells saved a second during a turn, with a refresh at its beginning when asked for."""
    first, start = typing.count, time.perf_counter()
    process = None
    if answers is not None:
        process = multiprocessing.Process(target=refresh_once, args=(answers,))
        process.start()
    time.sleep(seconds)
    rate = (typing.count - first) / (time.perf_counter() - start)
    if process:
        process.join()
    return rate


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=nation.EVERY)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    if not nation.prepare_nation():
        print("tenue des résumés : pas de base nationale ici, rien n’est mesuré")
        return
    people = nation.typists()
    answers = multiprocessing.Queue()
    lost, rates = [], []
    with nation.typing(people, workers=options.workers) as typing:
        print(f"tenue des résumés, {nation.load_text()}")
        turn(typing, 5)
        before = turn(typing, options.seconds)
        for _ in range(options.rounds):
            kept = turn(typing, options.seconds, answers)
            after = turn(typing, options.seconds)
            alone = (before + after) / 2  # a machine that slows down weighs on both alike
            lost.append(1 - kept / alone)
            rates += [before]
            before = after
    refreshes = [answers.get(timeout=5) for _ in lost]
    took = statistics.median(one[0] for one in refreshes)
    used = statistics.median(one[1] for one in refreshes)
    each = ", ".join(f"{100 * one:.1f}" for one in lost)
    share = used / nation.EVERY / (os.cpu_count() or 1)
    print(f"  sans résumés {statistics.median(rates):.0f} cases par seconde")
    print(
        f"  perdu avec eux {100 * statistics.median(lost):.1f} % (but < {100 * GOAL:.0f})"
        f" ; tour par tour : {each}"
    )
    print(
        f"  un rafraîchissement : {took:.1f} s pendant la saisie, {used:.1f} s de processeur, "
        f"soit {100 * share:.1f} % de la machine"
    )


if __name__ == "__main__":
    main()
