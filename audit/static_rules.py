"""The rules of the house on the code: each must flag its canary, and nothing else."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES, CANARIES = ROOT / "audit/rules/house.yaml", "audit/canaries"
# every app, so that a new one is never forgotten
APPS = {path.parent.name for path in ROOT.glob("*/apps.py")}
CODE = [*sorted(APPS | {"common", "config", "templates"}), CANARIES]
PATIENCE = "60"  # seconds for one rule on one file: the longest is a table of migrations
ACCEPTED = ROOT / "audit/accepted-code.txt"
MARK = re.compile(r"(ruleid|ok): (house-[a-z-]+)")
Place = tuple[str, int, str]
Line = tuple[str, str, str]  # file, rule, the line itself


def scan(program: Path) -> dict:
    """What semgrep says, with our rules alone, without any network nor what a comment silences."""
    words = [program, "scan", "--config", RULES, "--metrics", "off", "--disable-version-check"]
    words += ["--disable-nosem"]
    done = subprocess.run(  # noqa: S603 - our own words
        [*map(str, words), "--json", "--quiet", "--no-git-ignore", "--timeout", PATIENCE, *CODE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout or '{"results": [], "errors": ["semgrep"]}')


def rules() -> set[str]:
    return set(re.findall(r"- id: (house-[a-z-]+)", RULES.read_text(encoding="utf-8")))


def marks(folder: Path = ROOT / CANARIES) -> Iterator[tuple[str, Place]]:
    """What is written in the canaries: « ruleid » or « ok », and the line that it is about."""
    for path in sorted(folder.iterdir()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := MARK.search(line):
                yield found[1], (f"{CANARIES}/{path.name}", number + 1, found[2])


def judge(report: dict) -> list[str]:
    """The sentences of what is wrong: in the code, or in the search itself."""
    found = {
        (one["path"], one["start"]["line"], one["check_id"].rpartition(".")[2])
        for one in report["results"]
    }
    planted = set(marks())
    blind = [place for kind, place in planted if kind == "ruleid" and place not in found]
    faults = [f"aveugle\u00a0: {path}:{line} n’est pas vu par {rule}" for path, line, rule in blind]
    wrong = [place for kind, place in planted if kind == "ok" and place in found]
    faults += [f"crie à tort\u00a0: {path}:{line} vu par {rule}" for path, line, rule in wrong]
    without = rules() - {place[2] for kind, place in planted if kind == "ruleid"}
    faults += [f"sans canari\u00a0: {rule}" for rule in sorted(without)]
    faults += [f"illisible\u00a0: {error}" for error in map(str, report["errors"])]
    left = Counter(line for line, _ in accepted())
    for place in sorted(one for one in found if not one[0].startswith(CANARIES)):
        line = place[0], place[2], written(place)
        if left[line]:
            left[line] -= 1
        else:
            faults.append(f"{place[0]}:{place[1]} {place[2]}")
    idle = sorted(left.elements())
    return faults + [f"exception sans objet\u00a0: {path} {rule}" for path, rule, _ in idle]


def written(place: Place) -> str:
    """The line itself: an exception holds for one that is so written, and no more."""
    path = ROOT / place[0]
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return lines[place[1] - 1].strip() if place[1] <= len(lines) else ""


def accepted() -> list[tuple[Line, str]]:
    """What a rule flags and a person has read, each once: where, and why."""
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [((path, rule, line), why) for path, rule, line, why in rows]
