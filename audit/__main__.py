"""``python -m audit [--feed FOLDER] [STEP…]``: each search, what it found, how long it took."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from audit import dependencies, history, inventory, static_rules

ROOT = dependencies.ROOT
DATA = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve() / "audit"
TOOLS = Path(os.environ.get("AUDIT_TOOLS", ""))  # scripts/audit says where


def code(feed: Path | None) -> list[str]:
    return static_rules.judge(static_rules.scan(TOOLS / "semgrep"))


def secrets(feed: Path | None) -> list[str]:
    faults = [f"aveugle\u00a0: {kind}" for kind in history.blind()]
    if history.is_cut():
        faults.append("l’histoire est tronquée (git fetch --unshallow)")
    found = {(path, what): commit for commit, path, what in history.search(history.history())}
    return faults + [f"{commit} {path}\u00a0: {what}" for (path, what), commit in found.items()]


def components(feed: Path | None) -> list[str]:
    path = DATA / "sbom.cyclonedx.json"
    inventory.write(TOOLS / "cyclonedx-py", path)
    return inventory.faults(path)


def known_faults(feed: Path | None) -> list[str]:
    return dependencies.faults(TOOLS / "pip-audit", feed)


def forms(feed: Path | None) -> list[str]:
    """On the whole demonstration: every form of every role, forged; every file that is hostile."""
    in_one_transaction = tests("tests/audit/forged.py", "tests/audit/files.py")
    return in_one_transaction + tests("tests/audit/workers.py")  # of others, which see no such one


def api(feed: Path | None) -> list[str]:
    return tests("tests/audit/api.py")


def tests(*paths: str) -> list[str]:
    words = [sys.executable, "-m", "pytest", "-q", "-s", *paths]
    done = subprocess.run(words, cwd=ROOT, check=False)  # noqa: S603
    return [] if done.returncode == 0 else [f"pytest {' '.join(paths)}\u00a0: {done.returncode}"]


STEPS = {
    "code": code,
    "secrets": secrets,
    "composants": components,
    "avis": known_faults,
    "formulaires": forms,
    "api": api,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument("--feed", type=Path, help="dossier d’avis au format OSV")
    parser.add_argument("steps", nargs="*", help=f"parmi\u00a0: {', '.join(STEPS)}")
    asked = parser.parse_args()
    unknown = set(asked.steps) - set(STEPS)
    if unknown:
        parser.error(f"inconnu\u00a0: {', '.join(sorted(unknown))}")
    wrong = 0
    for name in asked.steps or STEPS:
        start = time.monotonic()
        faults = STEPS[name](asked.feed)
        wrong += bool(faults)
        told = f"{len(faults)} faute(s)" if faults else "rien"
        print(f"{name}\u00a0: {told} ({time.monotonic() - start:.0f}\u00a0s)", flush=True)
        print("".join(f"  {fault}\n" for fault in faults), end="", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
