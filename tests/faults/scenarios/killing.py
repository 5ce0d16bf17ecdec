"""``kill -9`` of each program in turn, at random moments, under the writes of all."""

import os
import signal
import time

import psycopg

from tests.faults.clients import Forgetful
from tests.faults.trial import Trial, superuser
from tests.programs import children_of, kill

BACKENDS = """
SELECT pid FROM pg_stat_activity
 WHERE usename = 'stocks_web' AND backend_type = 'client backend' ORDER BY random() LIMIT 1
"""


def web(trial: Trial) -> None:
    """A web worker: gunicorn makes another."""
    for _ in range(10):
        trial.pause(0.5, 2.0)
        trial.strike(lambda: kill_a_worker(trial))


def kill_a_worker(trial: Trial) -> None:
    """One of those there are; gunicorn may have none for an instant."""
    end = time.monotonic() + 30
    while not (workers := trial.service["web"].children) and time.monotonic() < end:
        time.sleep(0.05)
    kill(trial.luck.choice(workers))


def master(trial: Trial) -> None:
    """gunicorn itself: its workers leave, the supervisor starts it again."""
    for _ in range(3):
        trial.pause(2.0, 4.0)
        trial.strike(trial.service["web"].kill)


def worker(trial: Trial) -> None:
    """The task workers, while mails and files wait for them."""
    trial.crowd.resume(Forgetful)
    for _ in range(5):
        trial.pause(1.0, 6.0)
        for name in ("worker", "mailer"):
            trial.strike(trial.service[name].kill)


def backend(trial: Trial) -> None:
    """A backend of PostgreSQL: the server throws out everybody and recovers."""
    for _ in range(5):
        trial.pause(1.0, 3.0)
        trial.strike(lambda: kill_backend(trial))


def kill_backend(trial: Trial) -> None:
    try:
        with superuser(trial.service) as opened:
            found = opened.execute(BACKENDS).fetchone()
            if found:
                kill(found[0])
    except psycopg.OperationalError:
        pass  # ours went with the others


def postmaster(trial: Trial) -> None:
    """The server itself, twice alone, then with all its processes, as when power is lost."""
    for number in range(3):
        trial.pause(1.5, 4.0)
        trial.strike(trial.service["postgres"].kill if number < 2 else lambda: unplug(trial))


def unplug(trial: Trial) -> None:
    """All at once: nobody writes what it held in memory."""
    program = trial.service["postgres"]
    everyone = [program.pid, *children_of(program.pid)]
    for one in everyone:
        os.kill(one, signal.SIGSTOP)
    kill(*everyone)
