"""What the base must say after a scenario, from what the answers said: each truth, and by how much
it is broken. ``tests.load.check`` asks the base.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

Cell = tuple[str, str]  # the FINESS number of a site, the name of a box


def read_told(path: Path) -> dict[str, list[list[str]]]:
    """By kind of thing said; a line cut by the end of a process is left."""
    told: dict[str, list[list[str]]] = {}
    for line in path.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            kind, *words = line.rstrip("\n").split("\t")
            told.setdefault(kind, []).append(words)
    return told


def acknowledged(told: Iterable[list[str]]) -> int:
    """How many of them are told as done: a cell is also told when it is sent."""
    return sum(words[-1] != "sent" for words in told)


def values_due(told: Iterable[list[str]]) -> dict[Cell, set[str]]:
    """What each acknowledged cell may hold: the last value acknowledged, or one sent since, whose
    answer did not come before the end."""
    due: dict[Cell, set[str]] = {}
    for finess, name, value, word in told:
        if word == "done":
            due[finess, name] = {value}
        elif (finess, name) in due:
            due[finess, name].add(value)
    return due


def lost_cells(due: Mapping[Cell, set[str]], held: Mapping[Cell, str]) -> int:
    return sum(held.get(cell) not in values for cell, values in due.items())


def order_truths(
    sent: set[UUID], refused: set[UUID], standing: set[UUID],
    before: Mapping[str, int], after: Mapping[str, int],
) -> dict[str, int]:  # fmt: skip
    """Each with by how much it is broken."""
    moved = {name: after[name] - before[name] for name in before}
    oversold = max(0, -after["available"]) + max(0, moved["reserved"] - before["available"])
    return {
        "commandes annoncées, introuvables": len(sent - standing),
        "commandes refusées, pourtant écrites": len(refused & standing),
        "unités vendues de trop": oversold,
        "unités créées ou perdues": abs(moved["available"] + moved["reserved"]),
        "écart du grand livre": abs(moved["ledger"] - moved["reserved"]),
        "écart des commandes": abs(moved["orders"] - moved["reserved"]),
        "écart des contingents": abs(moved["quotas"] - moved["reserved"]),
    }  # fmt: skip
