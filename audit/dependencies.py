"""Known faults of what we depend on: said only once the search has proved that it sees one."""

import contextlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.feed import Feed, FeedServer

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
# what serves, what tries it and what searches it: a tool sees the code and its secrets too
LOCKS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("requirements/*.txt"))
CANARY = {"jinja2": "2.10"}  # CVE-2019-10906, and others since
OLDEST = timedelta(days=31)


def pinned(lock: str) -> dict[str, str]:
    """What a lock file installs: each package and its version."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {name.lower(): version for name, version in PINNED.findall(text)}


@contextlib.contextmanager
def service(folder: Path | None) -> Iterator[list[str]]:
    """The words that tell pip-audit whom to ask: PyPI, or a folder of advisories."""
    if folder is None:
        yield ["--vulnerability-service", "pypi"]
        return
    with FeedServer(Feed(folder)) as url:
        yield ["--vulnerability-service", "osv", "--osv-url", url]


def ask(program: Path, words: list[str], packages: dict[str, str]) -> dict:
    """The report of pip-audit on these very versions: it resolves and installs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        lock, cache = Path(folder, "pinned.txt"), Path(folder, "cache")
        lock.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()))
        asked = ["-r", lock, "--no-deps", "--disable-pip", "--format", "json", "--cache-dir", cache]
        command = map(str, [program, *asked, "--progress-spinner", "off", *words])
        done = subprocess.run(list(command), capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"dependencies": [], "said": done.stderr.strip()[-300:]}


def judge_canary(report: dict) -> list[str]:
    """Nothing is said sound by who does not see what is known to be faulty."""
    if any(one.get("vulns") for one in report["dependencies"]):
        return []
    said = report.get("said") or next(
        (one["skip_reason"] for one in report["dependencies"] if "skip_reason" in one), ""
    )
    return [
        "NON AUDITÉ\u00a0: la dépendance connue comme fautive (jinja2\u00a02.10) n’a pas été "
        f"signalée\u00a0; le service d’avis ne répond pas, ou son flux est vide. {said}".strip()
    ]


def judge(report: dict, packages: dict[str, str]) -> list[str]:
    """Not audited is a fault like another: nothing passes because nobody answered."""
    answered = {
        one["name"].lower(): one for one in report["dependencies"] if "skip_reason" not in one
    }
    missing = sorted(set(packages) - set(answered))
    faults = [f"NON AUDITÉ\u00a0: {name} {packages[name]}" for name in missing]
    return faults + [
        f"{name} {one['version']}\u00a0: {found['id']}, corrigée en {fixed_in(found)}"
        for name, one in sorted(answered.items())
        for found in one["vulns"]
    ]


def faults(program: Path, folder: Path | None) -> list[str]:
    """Each version that a lock file installs, asked about once."""
    if folder is not None and datetime.now(UTC) - Feed(folder).newest > OLDEST:
        return [
            f"NON AUDITÉ\u00a0: le flux {folder} est vide, ou son dernier avis a plus d’un mois."
        ]
    asked: set[tuple[str, str]] = set()
    with service(folder) as words:
        found = judge_canary(ask(program, words, CANARY))
        for lock in LOCKS if not found else ():
            packages = dict(pinned(lock).items() - asked)
            asked |= packages.items()
            found += judge(ask(program, words, packages), packages)
    return found


def fixed_in(found: dict) -> str:
    return ", ".join(found["fix_versions"]) or "aucune version"
