"""The base of national size under load: made the first time, kept, told of."""

import hashlib
import json
import shutil
import subprocess
import time
from pathlib import Path

from tests.load.service import ROOT, Service

MADE = "made.json"  # beside the people: how long it took, how big it is


def make_nation(service: Service, *, weeks: int, again: bool) -> dict[str, object]:
    """Leave PostgreSQL started, with the country and this week's people in it."""
    folder = service.data / "load"
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)
    made = folder / MADE
    shape = shape_of_tables()
    known = json.loads(made.read_text()) if made.exists() else {}
    if again or known.pop("tables", "") != shape:
        print("Fabrication de la base nationale : six minutes environ (14 semaines).", flush=True)
        begun = time.monotonic()
        build(service, weeks)
        known = {"semaines": weeks, "fabriquée en (s)": round(time.monotonic() - begun)}
        made.write_text(json.dumps(known | {"tables": shape}, ensure_ascii=False))
    service.start_database()
    service.manage("prepare_database", "-v", "0", environment=owner(service))
    service.run("tests.load.people", folder / "people.json")
    return known | {"base (Gio)": round(size_of(service.data / "pg"), 1)}


def shape_of_tables() -> str:
    """What the migrations say: a first one is written again when a model changes."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def owner(service: Service) -> dict[str, str]:
    return service.environment | {"DATABASE_ROLE": "owner"}


def build(service: Service, weeks: int) -> None:
    """From nothing, without waiting for the disk at each commit."""
    hurried = service.plain | {"CI": "true", "DEMO": "1", "DATABASE_ROLE": "owner"}
    service.manage("devdb", "stop", environment=hurried)
    shutil.rmtree(service.data / "pg", ignore_errors=True)
    service.manage("prepare_database", "-v", "0", environment=hurried)
    words = ("demo", "--scale", "national", "--weeks", str(weeks))
    service.manage(*words, environment=hurried)
    service.manage("devdb", "stop", environment=hurried)
    subprocess.run(["sync", "-f", service.data], check=True)


def size_of(folder: Path) -> float:
    """GiB."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 2**30
