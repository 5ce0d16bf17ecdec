"""Write, destroy, restore to an instant, compare. Called by scripts/restore-drill.

Controls at the end spoil a copy of the repository in every way, and must be refused: without them
the rest would prove nothing.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.base"
django.setup()

from django.conf import settings  # noqa: E402

from config.backups.repository import Repository  # noqa: E402
from tests.operations.drill import controls, seals, truth  # noqa: E402
from tests.operations.drill.commands import ask, manage, say, serves  # noqa: E402
from tests.operations.drill.writers import Crowd  # noqa: E402

WRITERS = 4


@dataclass
class Moment:
    """An instant to come back to, and what was true then; ``tables`` None: people were writing."""

    name: str
    at: float
    tables: truth.Digests | None = None
    files: dict[str, str] | None = None

    @property
    def text(self) -> str:
        return datetime.fromtimestamp(self.at, UTC).isoformat()


@dataclass
class Drill:
    work: Path
    seconds: float
    faults: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        return self.work / "live"

    def run(self) -> None:
        repository = Repository(settings.BACKUP_DIR)
        self.timed("préparer la base", prepare)
        follower = subprocess.Popen([sys.executable, "manage.py", "backup", "follow"], cwd=ROOT)
        try:
            crowd, moments = self.write(repository)
            acts = crowd.end()
            self.wait_for_log(repository, moments[-1].at)
            controls.while_it_lives(self.check)
        finally:
            follower.kill()
            follower.wait()
        say(f"{len(acts)} écritures acquittées par {WRITERS} processus en {self.seconds:.0f} s")
        self.destroy()
        for number, moment in enumerate(moments):
            self.give_back(number, moment, acts, is_last=moment is moments[-1])
        controls.of_comparison(self.check, self.work / "rendu-0", moments)
        controls.of_repository(self.check, self.work, repository, moments[0].text)

    def write(self, repository: Repository) -> tuple[Crowd, list[Moment]]:
        """Two instants: one when nobody writes, whose tables are known; one in the thick of it."""
        crowd = Crowd(self.work / "told", WRITERS)
        crowd.start()
        until = time.monotonic() + 60
        while not repository.list_fulls():
            if time.monotonic() > until:
                raise SystemExit("Aucune copie entière n’est venue.")
            time.sleep(0.2)
        started = time.monotonic()
        self.let_write()
        crowd.rest()
        calm = self.moment("au repos")
        crowd.resume()
        self.let_write()
        busy = Moment("en pleine saisie", truth.now_of(self.live))
        self.let_write()
        crowd.rest()
        last = self.moment("à la fin")
        self.seconds = time.monotonic() - started
        crowd.resume()
        time.sleep(0.5)  # some more, so that something comes after the last instant
        return crowd, [calm, busy, last]

    def let_write(self) -> None:
        """A third of the time, over two files of the log."""
        time.sleep(self.seconds / 6)
        truth.switch_segment(self.live)
        time.sleep(self.seconds / 6)

    def moment(self, name: str) -> Moment:
        seals.seal(self.live)
        tables, files = truth.digests(self.live), truth.file_digests(self.live)
        return Moment(name, truth.now_of(self.live), tables, files)

    def wait_for_log(self, repository: Repository, at: float) -> None:
        started = time.monotonic()
        while (reached := repository.reached()) is None or reached.at.timestamp() <= at + 0.6:
            if time.monotonic() - started > 30:
                raise SystemExit("Le journal n’arrive pas au dépôt.")
            time.sleep(0.1)
        self.figures["retard du dépôt"] = time.monotonic() - started

    def destroy(self) -> None:
        """As a fire would: the server is killed, all that it had goes."""
        pid = int((self.live / "pg" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        shutil.rmtree(self.live)
        say("Base et fichiers détruits.")

    def give_back(self, number: int, moment: Moment, acts: list, *, is_last: bool) -> None:
        to = self.work / f"rendu-{number}"
        at = ["--at", moment.text]
        done = self.timed(f"rendre {moment.name}", lambda: ask("restore", to, *at))
        self.check(f"rendu {moment.name}", done.returncode == 0, done.stderr)
        manage("devdb", "start", data=to)
        try:
            faults = truth.faults(acts, truth.held_by(to), moment.at)
            self.check(f"{moment.name} : rien de perdu, rien d’après", not faults, faults[:5])
            if moment.tables is not None:
                self.compare(to, moment)
            if number == 0:
                self.check("l’application sert sur la base rendue", serves(to), "")
            seals.of_moment(self.check, to, moment.name, is_last=is_last)
        finally:
            manage("devdb", "stop", data=to)

    def compare(self, to: Path, moment: Moment) -> None:
        found, lines = truth.digests(to), sum(count for count, _ in moment.tables.values())
        wrong = truth.differences(moment.tables, found)
        told = f"{moment.name} : {len(found)} tables, {lines} lignes, mêmes empreintes"
        self.check(told, not wrong, wrong)
        same = truth.file_digests(to) == moment.files
        self.check(f"{moment.name} : {len(moment.files)} fichiers, mêmes empreintes", same, "")

    def check(self, what: str, holds: bool, said: object) -> None:
        say(f"  {'oui' if holds else 'NON'}  {what}" + ("" if holds else f" ({said})"))
        if not holds:
            self.faults.append(what)

    def timed(self, name: str, act):
        start = time.monotonic()
        done = act()
        self.figures[name] = time.monotonic() - start
        return done


def prepare() -> None:
    manage("devdb", "start")
    manage("prepare_database", "-v", "0", owner=True)
    manage("load_reference")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=9)
    options = parser.parse_args()
    drill, start = Drill(options.work, options.seconds), time.monotonic()
    drill.run()
    for name, seconds in drill.figures.items():
        say(f"  {seconds:5.1f} s  {name}")
    say(f"Exercice joué en {time.monotonic() - start:.0f} s.")
    if drill.faults:
        raise SystemExit(f"{len(drill.faults)} vérités ne sont pas tenues.")


if __name__ == "__main__":
    main()
