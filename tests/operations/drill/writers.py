"""People at work in several processes: orders, cancellations, cells, uploads, by the services.

Each notes, outside of what will be destroyed, when it asked and when it was answered.
"""

import multiprocessing
import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from epi_stocks.services.reference import load_items
from orders.services.capacity_imports import deposit_file
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from tests.builders import make_person
from tests.epi_stocks.cells import held, save
from tests.orders.ordering.test_at_once import neighbour
from tests.orders.ordering.world import make_world, order

PACK, LARGE = 50, 90_000  # bytes: past 60,000 a file waits for the task worker on the disk


@dataclass(frozen=True, slots=True)
class Act:
    """``what`` on ``which``, asked at ``asked``, answered at ``told``: seconds since the epoch."""

    what: str
    which: str
    asked: float
    told: float


@dataclass
class Writer:
    """One process. It rests, between two acts, while ``pause`` is set."""

    number: int
    world: Any
    notes: Path
    stop: Event
    pause: Event
    resting: Event

    def work(self) -> None:
        connection.close()
        luck, standing, count = random.Random(self.number), [], 0  # noqa: S311
        self.descriptor = os.open(self.notes, os.O_WRONLY | os.O_APPEND)
        while not self.stop.is_set():
            if self.pause.is_set():
                self.resting.set()
                time.sleep(0.01)
                continue
            self.resting.clear()
            count += 1
            self.act(luck, standing, count)

    def act(self, luck: random.Random, standing: list, count: int) -> None:
        chance = luck.random()
        if chance < 0.35:
            self.order(standing)
        elif chance < 0.45 and standing:
            one = standing.pop()
            self.noted("cancel", str(one.token), lambda: cancel(by=self.world.operator, order=one))
        elif chance < 0.95:
            self.cell(count)
        else:
            self.upload()

    def order(self, standing: list) -> None:
        token = uuid4()
        with suppress(OrderingError):  # the quota is eaten: cells go on
            done = self.noted(
                "order",
                str(token),
                lambda: order(self.world, {self.world.masks: PACK}, token=token),
            )
            standing.append(done)

    def cell(self, value: int) -> None:
        """Always greater: what is found tells which save was the last."""
        place = self.world.home.establishment
        seen = held(place)
        change = (1, "stock", value, seen[0] if seen else None)
        self.noted("cell", f"{place.pk}/{value}", lambda: save(self.world.counter, place, change))

    def upload(self) -> None:
        """A large table that waits for the task worker, and a file for a warehouse."""
        name = f"{uuid4().hex}.csv"
        content = os.urandom(LARGE // 2).hex().encode()
        file = SimpleUploadedFile(name, content)
        self.noted("upload", name, lambda: deposit_file(file, by=self.world.operator))
        self.noted("drop", name, lambda: drop(name, content))

    def noted(self, what: str, which: str, act: Any) -> Any:
        asked = time.time()
        done = act()
        os.write(self.descriptor, f"{what} {which} {asked!r} {time.time()!r}\n".encode())
        return done


def drop(name: str, content: bytes) -> None:
    """As order files come: whole, under their name."""
    folder = settings.LOGISTICS_DIR / "la-poste" / "commandes"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}"
    unfinished.write_bytes(content)
    unfinished.rename(folder / name)


@dataclass
class Crowd:
    """The writers, from outside."""

    notes: Path
    count: int

    def __post_init__(self) -> None:
        self.notes.touch()
        self.stop, self.pause = multiprocessing.Event(), multiprocessing.Event()
        self.resting = [multiprocessing.Event() for _ in range(self.count)]

    def start(self) -> None:
        writers = [
            Writer(number, world, self.notes, self.stop, self.pause, self.resting[number])
            for number, world in enumerate(make_worlds(self.count))
        ]
        connection.close()
        self.processes = [multiprocessing.Process(target=one.work, daemon=True) for one in writers]
        for one in self.processes:
            one.start()

    def rest(self) -> None:
        """Nobody is writing when it returns."""
        self.pause.set()
        for one in self.resting:
            if not one.wait(30):
                raise SystemExit("Un processus n’écrit plus.")

    def resume(self) -> None:
        for one in self.resting:
            one.clear()
        self.pause.clear()

    def end(self) -> list[Act]:
        self.stop.set()
        for one in self.processes:
            one.join(30)
        return self.told()

    def told(self) -> list[Act]:
        lines = [line.split() for line in self.notes.read_text().splitlines()]
        return [Act(what, which, float(asked), float(told)) for what, which, asked, told in lines]


def make_worlds(count: int) -> list[SimpleNamespace]:
    load_items()
    first = make_world(granted=10_000_000, available=100_000_000)
    worlds = []
    for _ in range(count):
        one = neighbour(first)
        one.masks = first.masks
        one.counter = make_person("OIE", on=one.home.establishment)
        worlds.append(one)
    return worlds
