"""The two nights when the clock changes, with the whole service at that hour (libfaketime).

In spring 2 h 00 is followed by 3 h 00; in autumn 3 h 00 by 2 h 00, and an hour comes twice. Then
the control: the server that acknowledges before it has written (``synchronous_commit`` off) loses
what it said, and the rule sees it.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.checks import written
from tests.faults.scenarios.killing import unplug
from tests.faults.trial import Trial, superuser

BEFORE, AFTER = 25, 40  # seconds around the change
PATIENCE = 60  # seconds more for the round of that hour, on a busy machine
NIGHTS = {
    "printemps": datetime(2027, 3, 28, 1, tzinfo=UTC),
    "automne": datetime(2027, 10, 31, 1, tzinfo=UTC),
}
TICKS = """
SELECT count(*), count(DISTINCT args->>'timestamp') FROM procrastinate_jobs
 WHERE task_name = 'orders.tasks.logistics.settle_reports'
   AND (args->>'timestamp')::bigint = %s
"""


def library() -> Path | None:
    named = os.environ.get("FAKETIME_LIBRARY")
    return Path(named) if named and Path(named).is_file() else None


def clock(trial: Trial) -> None:
    found = library()
    if found is None:
        trial.measures["non joué"] = "libfaketime manque (apt-get install libfaketime)"
        return
    for name, change in NIGHTS.items():
        night(trial, found, name, change)
    start_again(trial, {})


def start_again(trial: Trial, around: dict[str, str]) -> None:
    """All stopped, then started with that in their environment; others come."""
    service = trial.service
    trial.crowd.pause()
    for one in ("worker", "mailer", "web", "postgres"):
        service.stop_one(one)
    service.around = around
    service.start_database()
    trial.people()
    service.start_web()
    service.start_workers()
    trial.crowd.resume()


def night(trial: Trial, found: Path, name: str, change: datetime) -> None:
    """Started some seconds before the hour, asked until some seconds after it."""
    service = trial.service
    shift = int(change.timestamp() - time.time()) - 60
    around = {
        "LD_PRELOAD": str(found),
        "FAKETIME": f"+{shift}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    start_again(trial, around)
    time.sleep(max(0, change.timestamp() - shift - BEFORE - time.time()))
    before = trial.count_told()
    time.sleep(max(0, change.timestamp() - shift + AFTER - time.time()))
    trial.measures[f"{name} : écritures acquittées"] = trial.count_told() - before
    for one in service.programs.values():
        trial.require(one.ends == 0, f"{name} : {one.name} s’est arrêté {one.ends} fois")
    with superuser(service) as opened:
        hour = opened.execute("SELECT now()").fetchone()[0]
        trial.require(abs((hour - change).total_seconds() - AFTER) < 30, f"il est {hour}")
        end = time.monotonic() + PATIENCE
        while (ticks := opened.execute(TICKS, [int(change.timestamp())]).fetchone()) == (0, 0):
            if time.monotonic() > end:
                break
            time.sleep(1)
        trial.require(ticks == (1, 1), f"{name} : la ronde de l’heure du changement {ticks}")


def control(trial: Trial) -> None:
    """A server that lies must be seen lying: what it acknowledged is lost with the power."""
    with superuser(trial.service) as opened:
        opened.execute("ALTER ROLE stocks_web SET synchronous_commit = off")
        opened.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        opened.execute("SELECT pg_reload_conf()")
        opened.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                       " WHERE usename = 'stocks_web'")  # fmt: skip
    for _ in range(4):
        time.sleep(4)
        unplug(trial)
        trial.crowd.pause()
        lost = written(trial.told, trial.found())
        if lost:
            trial.measures["écritures acquittées puis perdues"] = len(lost)
            return
        trial.crowd.resume()
    trial.wrong.append("témoin : rien n’est perdu, la règle n’a rien pu voir")
