"""After a scenario: is everything that was acknowledged in the base, and nothing sold twice?

    python -m tests.load.check TOLD FOUND PEOPLE [BEFORE]

TOLD: what the answers said, a line each. FOUND: each truth with how many times it is broken.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

import django

django.setup()

from epi_stocks.models import InventoryLine  # noqa: E402
from orders.models import Order  # noqa: E402
from pui.models import Transmission  # noqa: E402
from tests.load.scarcity import counters  # noqa: E402
from tests.load.truths import Cell, lost_cells, order_truths, read_told, values_due  # noqa: E402


def cells_held(cells: Iterable[Cell], week: str) -> dict[Cell, str]:
    rows = InventoryLine.objects.filter(
        week=week, establishment__finess__in={finess for finess, _ in cells}
    )
    return {
        (row["establishment__finess"], f"{row['item_id']}-{measure}"): str(row[measure])
        for row in rows.values("establishment__finess", "item_id", "stock", "daily", "supply")
        for measure in ("stock", "daily", "supply")
    }


def transmissions_lost(told: Iterable[list[str]]) -> int:
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
    main(*sys.argv[1:])
