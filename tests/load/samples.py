"""What is watched through a run: memory of each program, connections, queue, dead rows, files.

Memory is what only that program holds and wrote to (``Pss_Anon``): shared code and shared buffers
fill up once, a leak does not stop there.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from config import devdb
from tests.load.flat import Rule, Series
from tests.programs import address, children_of

MEMORY, SERVER = "mémoire", "PostgreSQL"
RULES = {
    MEMORY: Rule(floor=8, share=0.05),  # MiB, of each program
    SERVER: Rule(floor=24, share=0.10),  # MiB, all its processes
    "connexions": Rule(floor=2, share=0.1),
    "file de tâches": Rule(floor=20, share=0.2),  # jobs due and not done
    "travaux en échec": Rule(floor=0, share=0),
    "lignes mortes": Rule(floor=10, share=0),  # percent, of the table that has most
    "fichiers temporaires": Rule(floor=5, share=0.1),
}
FIGURES = """
SELECT (SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()),
       (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
           AND (scheduled_at IS NULL OR scheduled_at <= now())),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
       (SELECT COALESCE(max(100.0 * n_dead_tup / (n_live_tup + n_dead_tup)), 0)::float
          FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup > 5000),
       pg_database_size(current_database()) / 1048576.0::float
"""
NAMES = ("connexions", "file de tâches", "travaux en échec", "lignes mortes", "taille de la base")

Sample = dict[str, float]


def anonymous(pid: int) -> float:
    """MiB that the process alone holds; 0 when it has just ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1]) / 1024
    return 0.0


def memory_of(programs: dict[str, int], postmaster: int) -> Sample:
    told = {}
    for name, pid in programs.items():
        told[f"{MEMORY}, {name}"] = anonymous(pid)
        for rank, child in enumerate(children_of(pid), start=1):
            told[f"{MEMORY}, {name}, processus {rank}"] = anonymous(child)
    told[SERVER] = sum(anonymous(one) for one in (postmaster, *children_of(postmaster)))
    return told


def files_in(*folders: Path) -> float:
    return float(sum(len(list(one.rglob("*"))) for one in folders if one.exists()))


def rule_of(name: str) -> Rule | None:
    """None: told in the report, not judged (data grow as people write)."""
    return RULES.get(name) or (RULES[MEMORY] if name.startswith(MEMORY) else None)


class Sampler:
    """Takes a sample each ``every`` seconds, in a thread, until the end of the ``with``."""

    def __init__(self, take: Callable[[], Sample], path: Path, every: float) -> None:
        self.take, self.path, self.every = take, path, every
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> "Sampler":
        self.path.write_text("")
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join()

    def run(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(psycopg.Error), self.path.open("a") as file:
                file.write(json.dumps({"at": time.time()} | self.take()) + "\n")
            self.over.wait(self.every)


def taker(data: Path, programs: dict[str, int]) -> Callable[[], Sample]:
    postmaster = int((data / "pg/postmaster.pid").read_text().split()[0])
    temporary = (data / "load/tmp", data / "pg/base/pgsql_tmp")

    def take() -> Sample:
        with psycopg.connect(address(data, devdb.OWNER), autocommit=True) as link:
            row = link.execute(FIGURES).fetchone() or ()
        told = dict(zip(NAMES, map(float, row), strict=True))
        told["fichiers temporaires"] = files_in(*temporary)
        return memory_of(programs, postmaster) | told

    return take


def series_of(path: Path) -> Iterator[tuple[str, Series]]:
    """By name, from the first sample; what was not there in every other sample is left."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for name in dict.fromkeys(name for row in rows for name in row if name != "at"):
        held = [(row["at"] - rows[0]["at"], row[name]) for row in rows if row.get(name) is not None]
        if 2 * len(held) > len(rows):
            yield name, held
