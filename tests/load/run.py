"""The load of a Monday morning and of the opening of a tension, at national size, then a report.

    make load ARGS="[--quick] [--only tension …] [--soak [--minutes 30]] [--rebuild] [--weeks 14]"

In a base of its own (``load-nation`` in the data folder), made the first time and kept: 30,000
establishments, 2,500 pharmacies. Production settings, two gunicorn processes, a durable PostgreSQL,
on 127.0.0.1. The programs that ask share the processors of the machine: read the ratios.
"""

import argparse
import os
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.load import report, soak
from tests.load.goals import (
    P95_CELL,
    P95_DASHBOARD,
    P95_LIST,
    RATIO_CELL,
    Goal,
    none,
    quick_enough,
    reached,
)
from tests.load.nation import make_nation
from tests.load.phases import Crowd, Phase, Plan
from tests.load.service import APPLICATION, PYTHON, ROOT, Service, stop, stop_on_signals

CELLS_A_SECOND = 400  # by the services, while the dashboards are read
LEAKING = "tests.load.leaking:application"
PHASES = ("cells", "reading", "monday", "tension", "cuts")
AT_ONCE = 8  # the threads of both processes: more would only wait
DASHBOARDS = ("tableau EPI", "tableau médicaments", "tableau commandes")
LISTS = ("liste EPI", "liste des commandes", "liste médicaments")


class Length:
    """Seconds of each phase, and how many people come."""

    def __init__(self, quick: bool) -> None:
        self.raw = 2 if quick else 5
        self.cells = 8 if quick else 45
        self.reading = 10 if quick else 60
        self.monday, self.tension = (20, 30) if quick else (240, 120)
        self.people, self.buyers = (60, 30) if quick else (600, 600)
        self.scale = 0.2 if quick else 0.5
        self.arrivals = 6.0 if quick else 4.0


class Run:
    """The phases in their order; each keeps what the next needs."""

    def __init__(self, crowd: Crowd, length: Length) -> None:
        self.crowd, self.length = crowd, length
        self.phases: list[Phase] = []
        self.goals: list[Goal] = []
        self.raw = 0.0
        self.facts: dict[str, object] = {}

    def play(self, plan: Plan, before: Path | None = None) -> Phase:
        print(f"— {plan.name} : {plan.people} personnes, {plan.seconds:.0f} s", flush=True)
        phase = self.crowd.play(plan, before)
        self.phases.append(phase)
        self.goals += phase.laws
        return phase

    def phases_of(self, names: Iterable[str]) -> None:
        self.measure_raw("avant")
        for name in names:
            getattr(self, name)()
        self.measure_raw("après")

    def measure_raw(self, when: str) -> None:
        rate = self.crowd.raw(self.length.raw)
        self.facts[f"boucle brute, {when} (par seconde)"] = round(rate)
        self.raw = self.raw or rate

    def cells(self) -> None:
        """As many as can be, then half of that."""
        seconds = self.length.cells
        whole = self.play(Plan("saturation", "cells", AT_ONCE, 4, seconds))
        most = whole.of("case")
        rate = most.rate if most else 0.0
        self.facts["cases par seconde, à saturation"] = round(rate)
        self.goals.append(
            Goal("cases, rapport à la boucle brute", rate / self.raw, RATIO_CELL, is_least=True)
        )
        half = self.play(Plan("mi-charge", "cells", AT_ONCE, 4, seconds, pace=rate / 2, first=100))
        self.quick("une case, à mi-charge", half, P95_CELL, "case")

    def reading(self) -> None:
        """Dashboards and lists, alone, then while cells are saved."""
        seconds = self.length.reading
        rest = Plan("lecture au repos", "reading", 4, 2, seconds, scale=0.02)
        self.tell_reading(self.play(rest))
        process, told = self.crowd.typing(CELLS_A_SECOND)
        try:
            plan = Plan("lecture pendant la saisie", "reading", 4, 2, seconds, 0.02, first=10)
            self.tell_reading(self.play(plan))
        finally:
            stop(process)
        saved = round(float((told.exists() and told.read_text()) or 0))
        self.goals.append(reached(f"{plan.name} : cases enregistrées par seconde", saved))

    def tell_reading(self, phase: Phase) -> None:
        name = phase.plan.name
        self.quick(f"{name} : tableaux de bord", phase, P95_DASHBOARD, *DASHBOARDS)
        self.quick(f"{name} : listes", phase, P95_LIST, *LISTS)

    def monday(self) -> None:
        size = self.length
        plan = Plan("lundi matin", "monday", size.people, size.arrivals, size.monday, size.scale)
        self.play(replace(plan, first=20))
        self.facts["lundi matin : personnes au rythme réel"] = round(size.people / size.scale)

    def tension(self) -> None:
        """Others than on Monday: a one-time code serves once."""
        size = self.length
        before = self.crowd.open_scarcity(size.buyers)
        plan = Plan("tension", "tension", size.buyers, 2 * size.arrivals, size.tension, size.scale)
        told = self.play(replace(plan, first=40), before).told
        for kind, words in (("order", "servies"), ("refused", "refusées, plus rien à vendre")):
            self.facts[f"tension : commandes {words}"] = told.get(kind, 0)

    def cuts(self) -> None:
        """500 clients on one scarce product, connections and processes killed as they go."""
        print("— coupures : 500 personnes", flush=True)
        words = [PYTHON, "tests/load/orders.py", "--attempts", "100000"]
        done = subprocess.run(words, cwd=ROOT, env=self.crowd.service.plain)
        self.goals.append(none("coupures : vérités non tenues", done.returncode))

    def quick(self, title: str, phase: Phase, limit: float, *names: str) -> None:
        found = phase.of(*names)
        if found is not None:
            self.goals.append(quick_enough(f"{title}, 95e centile", found.p95, limit, self.raw))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="deux minutes, pour essayer")
    parser.add_argument("--only", nargs="+", choices=PHASES, help="ces phases seulement")
    parser.add_argument("--soak", action="store_true", help="l’endurance, au lieu du reste")
    parser.add_argument("--minutes", type=float, default=30, help="durée de l’endurance")
    parser.add_argument("--leak", action="store_true", help="avec une fuite : doit échouer")
    parser.add_argument("--rebuild", action="store_true", help="refait la base")
    parser.add_argument("--weeks", type=int, default=14, help="semaines d’inventaires de la base")
    parser.add_argument("--locust", type=Path, required=True)
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    stop_on_signals()
    data = Path(os.environ.get("DATA_DIR") or ".data").resolve() / "load-nation"
    service = Service(data, application=LEAKING if asked.leak else APPLICATION)
    try:
        facts = make_nation(service, weeks=asked.weeks, again=asked.rebuild)
        service.start()
        crowd = Crowd(service, asked.locust)
        if asked.soak:
            return soak.main(crowd, asked.minutes, facts)
        run = Run(crowd, Length(asked.quick))
        run.phases_of(asked.only or PHASES[: -1 if asked.quick else None])
        run.facts |= facts
        return report.tell(data / "load", run.goals, run.phases, run.facts)
    finally:
        service.stop()
        service.stop_database()


if __name__ == "__main__":
    raise SystemExit(main())
