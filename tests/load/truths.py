"""After a scenario: is everything that was acknowledged in the base, and nothing sold twice?

    python -m tests.load.truths TOLD FOUND PEOPLE [BEFORE]

TOLD: what the answers said, a line each. FOUND: each truth with how many times it is broken.
"""

import json
import sys
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


def cells_held(cells: Iterable[Cell], week: str) -> dict[Cell, str]:
    from epi_stocks.models import InventoryLine

    rows = InventoryLine.objects.filter(
        week=week, establishment__finess__in={finess for finess, _ in cells}
    )
    return {
        (row["establishment__finess"], f"{row['item_id']}-{measure}"): str(row[measure])
        for row in rows.values("establishment__finess", "item_id", "stock", "daily", "supply")
        for measure in ("stock", "daily", "supply")
    }


def transmissions_lost(told: Iterable[list[str]]) -> int:
    from pui.models import Transmission

    numbers = {UUID(words[0]) for words in told}
    stored = Transmission.objects.filter(number__in=numbers, state__in=Transmission.STORED)
    return len(numbers) - stored.count()


def truths(told: dict, week: str, before: Mapping[str, int] | None) -> dict[str, int]:
    found = {}
    if "cell" in told:
        due = values_due(told["cell"])
        found["cases acquittées, introuvables"] = lost_cells(due, cells_held(due, week))
    if "transmission" in told:
        found["transmissions acquittées, introuvables"] = transmissions_lost(told["transmission"])
    if before is not None:
        found |= orders_found(told, before)
    return found


def orders_found(told: dict, before: Mapping[str, int]) -> dict[str, int]:
    from orders.models import Order
    from tests.load.scarcity import counters

    sent = {UUID(words[0]) for words in told.get("order", [])}
    refused = {UUID(words[0]) for words in told.get("refused", [])}
    rows = Order.objects.filter(token__in=sent | refused).exclude(state=Order.State.DRAFT)
    return order_truths(
        sent, refused, set(rows.values_list("token", flat=True)), before, counters()
    )


def main(told: str, found: str, people: str, *before: str) -> None:
    week = json.loads(Path(people).read_text())["week"]
    counted = json.loads(Path(before[0]).read_text()) if before else None
    result = truths(read_told(Path(told)), week, counted)
    Path(found).write_text(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    import django

    django.setup()
    main(*sys.argv[1:])
