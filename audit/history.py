"""Secrets in the whole history: every line a commit ever added or says, undone or not."""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = Path(__file__).with_name("allowed-secrets.txt")
NAME = "audit/allowed-secrets.txt"  # as the history calls it
SHAPES = {
    "clé privée": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "clé AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "jeton GitHub": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{60,})"),
    "jeton GitLab": re.compile(r"\bglpat-[\w-]{20}"),
    "jeton Slack": re.compile(r"\bxox[abpors]-[\w-]{10,}"),
    "jeton PyPI": re.compile(r"\bpypi-AgE[\w-]{50,}"),
    "jeton signé": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"),
    "adresse avec mot de passe": re.compile(
        r"\b[a-z][a-z+]+://[^\s/:@\"'<>${}]+:([^\s/@\"'<>${}]{6,})@"
    ),
}
ASSIGNED = re.compile(
    r"(?i)\b\w*(?:passw(?:or)?d|pwd|secret|token|api_?key|credential)\w*[\"']?\s*[:=]{1,2}\s*"
    r"[\"']([^\"'\s{}$<>%]{12,})[\"']"
)
ENTROPY = 3.5  # bits a sign: words of people are under it, what a generator made is over
MESSAGE = "    "  # without context, no other line begins so
Found = tuple[str, str, str]  # commit, path, what


def added(text: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The lines that ``git log -p`` adds: commit, path, line; those of its message have no path."""
    commit = path = ""
    for line in text:
        if line.startswith("commit "):
            commit, path = line[7:19], ""
        elif line.startswith("+++ "):
            path = line[6:].strip()
        elif line.startswith(("+", MESSAGE)):
            yield commit, path, line[1:]


def secrets_of(line: str) -> Iterator[tuple[str, str]]:
    """What looks like a secret in one line: its kind and itself."""
    for kind, shape in SHAPES.items():
        for found in shape.finditer(line):
            yield kind, found[found.lastindex or 0]
    for found in ASSIGNED.finditer(line):
        if entropy(found[1]) > ENTROPY and re.search(r"\d", found[1]):
            yield "valeur tirée au hasard", found[1]


def entropy(text: str) -> float:
    parts = [count / len(text) for count in Counter(text).values()]
    return -sum(part * math.log2(part) for part in parts)


def allowed() -> dict[tuple[str, str], str]:
    """Values that open nothing, each with the only file where it may stand, or none: all may.

    With the reason: examples of tests, the demonstration's.
    """
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    found = {(value, "".join(path)): why for value, why, *path in rows}
    return found | {(value, NAME): why for (value, _), why in found.items()}


def search(lines: Iterable[str]) -> Iterator[Found]:
    known = allowed()
    for commit, path, line in added(lines):
        values = {value: kind for kind, value in reversed([*secrets_of(line)])}
        for value, kind in values.items():
            if not {(value, ""), (value, path)} & known.keys():
                yield commit, path, f"{kind}\u00a0: {value[:4]}… ({len(value)} signes)"


def history() -> Iterator[str]:
    """Merges too, by what they hold that neither of their sides had."""
    words = ["git", "-c", "core.quotePath=false", "log", "-p", "-U0", "--all", "--remerge-diff"]
    words += ["--no-color", "--no-ext-diff", "--no-textconv", "--text", "--dst-prefix=b/"]
    with subprocess.Popen(  # noqa: S603
        words, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as log:
        assert log.stdout is not None  # noqa: S101 - asked for
        yield from log.stdout
    if log.returncode:
        raise RuntimeError("git log a échoué")


def is_cut() -> bool:
    """A clone of the last commits alone has no history to search."""
    words = ["git", "rev-parse", "--is-shallow-repository"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return told.stdout.strip() != "false"


# made of pieces: this file is in the history too
CANARIES = {
    "clé privée": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "clé AWS": "AKIA" + "Q3EGW5XPLM7T2ZRD",
    "jeton GitHub": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "jeton GitLab": "glpat-" + "x1Y2z3A4b5C6d7E8f9G0",
    "jeton Slack": "xoxb-" + "123456789012-abcdefABCDEF",
    "jeton PyPI": "pypi-AgE" + "IcHlwaS5vcmc" * 5,
    "jeton signé": "eyJhbGciOiJIUzI1NiJ9."
    + "eyJzdWIiOiIxMjM0NTY3ODkwIn0."
    + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "adresse avec mot de passe": "postgresql://web:" + "Zk3jQ9xW2m" + "@base/stocks",
    "valeur tirée au hasard": "SECRET_KEY = '" + "q8Zt1Vw0" + "Lr5XyB3nPd'",
}


def blind() -> list[str]:
    """The kinds whose canary is not seen: the search would then say nothing of anything."""
    unseen = []
    for kind, value in CANARIES.items():
        planted = ["commit 0123456789abcdef\n", "+++ b/canari\n", f"+{value}\n"]
        if not any(what.startswith(kind) for _, _, what in search(planted)):
            unseen.append(kind)
    return unseen
