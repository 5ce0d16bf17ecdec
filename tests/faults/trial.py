"""What a scenario has in hand: the service, the crowd that writes, what they were told."""

import pickle
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import Error, connection

from config import devdb
from tests.faults.checks import WITH_TIME, Found, verdicts
from tests.faults.clients import Crowd
from tests.faults.controls import unseen
from tests.faults.found import read_found, read_with
from tests.faults.service import ROOT, Service
from tests.faults.told import YES, Told
from tests.faults.world import SCARCE, World

BACK_WITHIN = 15.0  # seconds: « service back in seconds », or the time of two starts if longer
SETTLED_WITHIN = 200.0  # the jobs of a worker that was killed are given back in a minute or two


class Trial:
    """``back``: for each blow, the seconds until a write sent after it was acknowledged."""

    def __init__(self, service: Service, seed: str) -> None:
        self.service, self.seed = service, seed
        self.luck = random.Random(seed)
        self.told = Told()
        self.back: list[float] = []
        self.measures: dict[str, object] = {}
        self.wrong: list[str] = []
        self.stocks: dict[str, int] = {}
        self.peopled = 0
        self.back_within = max(BACK_WITHIN, 2 * service.start_seconds)
        self.people()

    def people(self) -> None:
        """New places and people, made at the hour of the service."""
        self.peopled += 1
        path = self.service.run / f"world{self.peopled}"
        environment = self.service.environment | self.service.around | {"DATABASE_ROLE": "owner"}
        subprocess.run(
            [sys.executable, "-m", "tests.faults.world", str(path), str(1 + 10_000 * self.peopled)],
            env=environment,
            cwd=ROOT,
            check=True,
        )
        self.world: World = pickle.loads(path.read_bytes())
        self.stocks[f"stock {self.world.stock}"] = SCARCE
        self.crowd = Crowd(self.world, self.service.port, self.told, f"{self.seed}/{self.peopled}")

    def pause(self, least: float, most: float) -> None:
        time.sleep(self.luck.uniform(least, most))

    def strike(self, blow: Callable[[], object]) -> float:
        """Give it, wait until somebody's write, sent after it, is acknowledged."""
        at = time.monotonic()
        blow()
        while (back := self.first_after(at)) is None:
            if time.monotonic() - at > 60:
                self.wrong.append("personne n’a rien pu écrire pendant une minute")
                return 60.0
            time.sleep(0.05)
        self.back.append(back)
        return back

    def first_after(self, at: float) -> float | None:
        ends = [act.ended for act in self.told.told_yes() if act.sent >= at]
        return min(ends) - at if ends else None

    def require(self, holds: bool, text: str) -> None:
        if not holds:
            self.wrong.append(text)

    def settle(self) -> tuple[dict[str, list[str]], float, int]:
        """Everybody quiet: what the rules say once the jobs have had time to be done."""
        self.crowd.pause()
        start = time.monotonic()
        while True:
            found = self.found()
            said = verdicts(self.told, found)
            took = time.monotonic() - start
            wrong = {name for name, faults in said.items() if faults}
            if not wrong & WITH_TIME or took > SETTLED_WITHIN:
                return said, took, found.rounds_cut
            time.sleep(1)

    def found(self) -> Found:
        folder, mails = self.service.folder, self.service.sink.mails
        while True:
            try:
                return read_found(folder, mails, self.stocks)
            except Error:
                connection.close()
                time.sleep(0.5)

    def controls(self) -> tuple[int, list[str]]:
        folder, mails = self.service.folder, self.service.sink.mails
        return unseen(
            self.told, lambda cursor: read_with(cursor, folder, mails, self.stocks), folder
        )

    def count_told(self) -> int:
        return len(self.told.told_yes())

    def longest_wait(self, since: float) -> float:
        return max(
            (one.waited for one in self.told.acts if one.verdict == YES and one.ended > since),
            default=0.0,
        )


@contextmanager
def superuser(service: Service) -> Iterator[psycopg.Connection]:
    address = {"host": str(devdb.socket_folder(service.folder)), "dbname": devdb.DATABASE}
    with psycopg.connect(**address, user="postgres", autocommit=True) as opened:
        yield opened


@contextmanager
def meanwhile(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Something that goes on beside, until told to end."""
    ending = threading.Event()
    thread = threading.Thread(target=work, args=[ending], daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(30)
