"""One phase of a load run: who comes, what they asked, what the base then holds."""

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.figures import Asked, Figures, figures_of, read_requests
from tests.load.goals import Goal, none, reached
from tests.load.service import PYTHON, ROOT, Service, start, stop
from tests.load.truths import acknowledged, read_told

# what a scenario must have done: without it nothing was tried
DONE = {
    "cells": {"cell": "cases acquittées"},
    "monday": {"cell": "cases acquittées", "transmission": "transmissions acquittées"},
    "tension": {"order": "commandes servies", "refused": "pénurie atteinte"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Who comes: a scenario, how many people, how many a second, for how long, at what rhythm."""

    name: str
    scenario: str
    people: int
    arrivals: float
    seconds: float
    scale: float = 1.0
    pace: float = 0.0
    first: int = 0


@dataclass(slots=True)
class Phase:
    """What became of it."""

    plan: Plan
    requests: list[Asked]
    broken: dict[str, int]
    told: dict[str, int]  # how many of each thing answers acknowledged
    busy: tuple[float, float]  # the load of the machine before and after

    @property
    def figures(self) -> dict[str, Figures]:
        return figures_of(self.requests)

    def settled(self) -> list[Asked]:
        """Once everybody has come, until the end asked for."""
        begun = min((one.at for one in self.requests), default=0.0)
        ready = begun + self.plan.people / self.plan.arrivals
        return [one for one in self.requests if one.at >= ready]

    def of(self, *names: str) -> Figures | None:
        """Those of some requests together, once everybody has come."""
        kept = [one for one in self.settled() if one.name.startswith(names)]
        together = [Asked(one.at, "ensemble", one.spent, one.error) for one in kept]
        return figures_of(together).get("ensemble")

    @property
    def laws(self) -> list[Goal]:
        """What no machine excuses: an error, something lost, a scenario that did nothing."""
        name, errors = self.plan.name, sum(bool(one.error) for one in self.requests)
        lost = [none(f"{name} : {words}", count) for words, count in self.broken.items()]
        done = DONE.get(self.plan.scenario, {})
        tried = [reached(f"{name} : {done[kind]}", self.told.get(kind, 0)) for kind in done]
        return [none(f"{name} : erreurs", errors), *lost, *tried]


class Crowd:
    """Plays plans against a service, with the Locust of a folder of its own."""

    def __init__(self, service: Service, locust: Path) -> None:
        self.service, self.locust = service, locust
        self.folder = service.data / "load"
        self.people = self.folder / "people.json"

    def play(self, plan: Plan, before: Path | None = None) -> Phase:
        requests, told = self.file(plan, "requests.tsv"), self.file(plan, "told.tsv")
        for one in (requests, told):
            one.write_text("")
        busy = os.getloadavg()[0]
        self.ask(plan, requests, told)
        found = self.file(plan, "truths.json")
        extra = [before] if before else []
        self.service.run("tests.load.check", told, found, self.people, *extra)
        broken = json.loads(found.read_text())
        counts = {kind: acknowledged(rows) for kind, rows in read_told(told).items()}
        asked = list(read_requests(requests))
        return Phase(plan, asked, broken, counts, (busy, os.getloadavg()[0]))

    def file(self, plan: Plan, name: str) -> Path:
        return self.folder / f"{plan.name}-{name}"

    def ask(self, plan: Plan, requests: Path, told: Path) -> None:
        words = [
            self.locust, "-f", f"tests/load/scenarios/{plan.scenario}.py", "--headless",
            "--host", self.service.url, "-u", plan.people, "-r", plan.arrivals,
            "-t", f"{plan.seconds + plan.people / plan.arrivals:.0f}s", "--only-summary",
            "--stop-timeout", 20, "--exit-code-on-error", 0,
        ]  # fmt: skip
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LOAD_PEOPLE": str(self.people),
            "LOAD_REQUESTS": str(requests),
            "LOAD_TOLD": str(told),
            "LOAD_SCALE": str(plan.scale),
            "LOAD_PACE": str(plan.pace),
            "LOAD_FIRST": str(plan.first),
        }
        log = self.folder / "logs" / f"{plan.name}.log"
        process = start(words, environment, log)
        try:
            process.wait(plan.seconds + plan.people / plan.arrivals + 120)
        finally:
            stop(process)

    def raw(self, seconds: float) -> float:
        """Upserts a second by a raw loop with as many connections as there are processors."""
        done = subprocess.run(
            [PYTHON, "-m", "tests.load.raw", str(os.cpu_count()), str(seconds)],
            cwd=ROOT,
            env=self.service.environment | {"DATABASE_ROLE": "owner"},
            check=True,
            capture_output=True,
            text=True,
        )
        return float(done.stdout.split()[-1])

    def open_scarcity(self, buyers: int) -> Path:
        before = self.folder / "before.json"
        self.service.run("tests.load.scarcity", self.people, before, buyers)
        return before

    def typing(self, rate: float) -> tuple[subprocess.Popen, Path]:
        """Begin to save cells, wait until some are; the file tells at the end how many a second."""
        told = self.folder / "typed.txt"
        told.unlink(missing_ok=True)
        words: Sequence[object] = [PYTHON, "-m", "tests.load.background", rate, told]
        environment = self.service.environment | {"DATABASE_ROLE": "owner"}
        log = self.folder / "logs" / "typing.log"
        process = start(list(words), environment, log)
        while not told.exists() and process.poll() is None:
            time.sleep(0.2)
        return process, told
