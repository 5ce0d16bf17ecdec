"""Kill, cut, fill, hold: what was acknowledged is there, once, and the service comes back alone.

    scripts/faults [--only web master …] [--seed 42] [--report FILE]

A real gunicorn, the two task workers and PostgreSQL (fsync on) in a folder of its own on 127.0.0.1,
under the writes of people, machines and files. Each scenario ends with the same rules, then with
their controls: the data are spoilt, the rules must see it.
"""

import argparse
import json
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.service import Service

SCENARIOS = {
    "web": "kill -9 d’un processus web",
    "master": "kill -9 de gunicorn",
    "worker": "kill -9 des processus de tâches",
    "backend": "kill -9 d’un processus de PostgreSQL",
    "postmaster": "kill -9 de PostgreSQL",
    "disk": "disque plein pour les fichiers reçus",
    "smtp": "serveur de courriel arrêté",
    "logistics": "dossier des entrepôts perdu",
    "lock": "une ligne tenue trente secondes",
    "connections": "toutes les connexions prises",
    "slow": "des clients très lents",
    "clock": "les deux nuits du changement d’heure",
    "control": "témoin : un PostgreSQL qui acquitte sans écrire",
}


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def play(trial, name: str, act: Callable) -> dict:
    """One scenario, its rules, its controls; what there is to tell of it."""
    say(f"— {name} : {SCENARIOS[name]}")
    before, start = trial.count_told(), time.monotonic()
    attempt(trial, act)
    told, longest = trial.count_told() - before, trial.longest_wait(start)
    said, settled, rounds = ({}, 0.0, 0) if name == "control" else trial.settle()
    made, blind = (1, []) if name == "control" else trial.controls()
    row = {
        "scénario": SCENARIOS[name],
        "coups": len(trial.back),
        "écritures acquittées": told,
        "retour le plus long, secondes": round(max(trial.back, default=0), 2),
        "attente la plus longue d’une personne, secondes": round(longest, 1),
        "travaux finis après, secondes": round(settled, 1),
        "témoins vus": made - len(blind),
        "rondes coupées, refaites à leur heure": rounds,
        "durée, secondes": round(time.monotonic() - start, 1),
        **trial.measures,
        "fautes": wrong_in(trial, said, blind),
    }
    trial.told.surprises.clear()
    tell(row)
    return row


def attempt(trial, act: Callable) -> None:
    """Everybody writes, then the blows; one scenario that cannot be played hides no other."""
    trial.back, trial.measures, trial.wrong = [], {}, []
    try:
        trial.crowd.resume()
        trial.strike(lambda: None)
        trial.back.clear()
        act(trial)
    except Exception as error:
        traceback.print_exc()
        trial.wrong.append(f"scénario interrompu : {error!r}")


def wrong_in(trial, said: dict[str, list[str]], blind: list[str]) -> list[str]:
    wrong = trial.wrong + [one for faults in said.values() for one in faults]
    wrong += [f"témoin non vu : {one}" for one in blind]
    if max(trial.back, default=0) > trial.back_within:
        wrong.append(f"service revenu en {max(trial.back):.1f} s")
    return wrong


def tell(row: dict) -> None:
    for key, value in row.items():
        if key not in ("scénario", "fautes"):
            say(f"    {key} : {value}")
    for one in row["fautes"]:
        say(f"    NON  {one}")
    say(f"    {'NON' if row['fautes'] else 'oui'}  tout ce qui doit être vrai l’est")


def play_all(service: Service, names: list[str], seed: str) -> list[dict]:
    from tests.faults.scenarios import clock, killing, outside, waiting
    from tests.faults.trial import Trial

    acts = {
        name: getattr(module, name)
        for module in (killing, outside, waiting, clock)
        for name in SCENARIOS
        if hasattr(module, name)
    }
    outside.mount(service.folder / "files")
    try:
        service.start()
        trial = Trial(service, seed)
        say(f"Service démarré en {service.start_seconds:.1f} s, personnes inscrites.")
        return [play(trial, name, acts[name]) for name in names]
    finally:
        service.stop()
        outside.unmount(service.folder / "files")


def machine() -> str:
    memory = Path("/proc/meminfo").read_text().split()[1]
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cœurs, {int(memory) / 1e6:.0f} Go, Python {platform.python_version()}, "
        f"charge {load:.1f} avant l’essai"
    )


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--seed", default=None)
    parser.add_argument("--folder", type=Path, help="gardé à la fin, avec les journaux")
    parser.add_argument("--report", type=Path, default=Path(".data/faults.json"))
    return parser.parse_args()


def kept(folder: Path | None):
    if folder is None:
        return tempfile.TemporaryDirectory(prefix="stocks-sante-faults.")
    folder.mkdir(parents=True)
    return nullcontext(folder)


def main() -> None:
    asked = options()
    seed = asked.seed or str(random.SystemRandom().randrange(10**6))
    start, where = time.monotonic(), machine()
    say(f"Graine {seed} (--seed {seed} pour les mêmes moments). {where}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with kept(asked.folder) as folder:
        service = Service(Path(folder))
        service.prepare()
        say(f"Base prête en {time.monotonic() - start:.0f} s.")
        as_superuser(service)
        rows = play_all(service, asked.only, seed)
        keep_logs(service, asked.report, rows)
    took = round(time.monotonic() - start)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": where,
        "graine": seed,
        "durée, secondes": took,
        "démarrage du site, secondes": round(service.start_seconds, 1),
        "scénarios": rows,
    }
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    wrong = sum(bool(row["fautes"]) for row in rows)
    say(f"{len(rows)} scénarios en {took} s, {wrong} en faute. Compte rendu : {asked.report}")
    sys.exit(bool(wrong))


def keep_logs(service: Service, report: Path, rows: list[dict]) -> None:
    """Beside the report, when something was wrong: they say of which request."""
    logs = report.with_suffix(".logs")
    shutil.rmtree(logs, ignore_errors=True)
    if any(row["fautes"] for row in rows):
        shutil.copytree(service.run, logs, ignore=shutil.ignore_patterns("*.pid"))
        say(f"Les journaux sont gardés dans {logs}.")


def as_superuser(service: Service) -> None:
    """This process reads all, and spoils for its controls: nobody else connects so."""
    address = service.environment["DATABASE_OWNER_URL"].replace("stocks_owner@", "postgres@")
    os.environ |= service.environment | {
        "DATABASE_ROLE": "owner",
        "DATABASE_OWNER_URL": address,
    }
    import django

    django.setup()


if __name__ == "__main__":
    main()
