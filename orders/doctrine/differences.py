"""What two doctrines say differently, line by line: to compare, journal, settle a conflict."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.numbers import format_decimal
from epi_stocks.models import EpiItem
from orders.doctrine.grid import Grid, GroupGrid
from orders.models import Basis

NOTHING = "–"
MOST_TOLD = 60  # lines in the journal


@dataclass(frozen=True, slots=True)
class Difference:
    """``subject`` is the group, blank for the doctrine itself; the two values are in words."""

    subject: str
    what: str
    before: str
    after: str
    change: Decimal | None = None

    @property
    def change_text(self) -> str:
        """« +20 % » of a ratio that both have."""
        if self.change is None:
            return ""
        sign = "+" if self.change > 0 else ""
        return f"{sign}{format_decimal(self.change, places=0)}\u00a0%"


def differences(before: Grid, after: Grid) -> list[Difference]:
    """In the order of the second; the groups that it no longer has come last."""
    items = dict(EpiItem.objects.top().order_by("rank").values_list("pk", "label"))
    old = {one.label.casefold(): one for one in before.groups}
    new = {one.label.casefold() for one in after.groups}
    found = list(_heads(before, after))
    for one in after.groups:
        found += _group(old.get(one.label.casefold()), one, items)
    for key, one in old.items():
        if key not in new:
            found.append(Difference(one.label, "groupe", _group_text(one), "supprimé"))
    return found


def told(changed: list[Difference]) -> dict[str, Any]:
    """For the journal: before and after under the same names."""
    names = {" – ".join(filter(None, (one.subject, one.what))): one for one in changed[:MOST_TOLD]}
    return {
        "before": {name: one.before for name, one in names.items()},
        "after": {name: one.after for name, one in names.items()},
    }


def _heads(before: Grid, after: Grid) -> Iterator[Difference]:
    pairs = (
        ("intitulé", before.label, after.label),
        ("en vigueur à partir du", f"{before.starts_on:%d/%m/%Y}", f"{after.starts_on:%d/%m/%Y}"),
        ("texte", before.note, after.note),
    )
    for what, old, new in pairs:
        if old != new:
            yield Difference("", what, old or NOTHING, new or NOTHING)


def _group(before: GroupGrid | None, after: GroupGrid, items: dict[int, str]) -> list[Difference]:
    label = after.label
    if before is None:
        found = [Difference(label, "groupe", NOTHING, _group_text(after))]
        before = GroupGrid(label, after.basis)
    elif before.basis != after.basis:
        texts = (Basis(one.basis).label for one in (before, after))
        found = [Difference(label, "compté par", *texts)]
    else:
        found = []
    for item, name in items.items():
        old, new = before.ratios.get(item), after.ratios.get(item)
        if old != new:
            found.append(Difference(label, name, _ratio(old), _ratio(new), _change(old, new)))
    if before.categories != after.categories:
        gone, come = before.categories - after.categories, after.categories - before.categories
        found.append(Difference(label, "catégories", _codes("sans", gone), _codes("avec", come)))
    return found


def _group_text(group: GroupGrid) -> str:
    return group.basis_text


def _ratio(value: Decimal | None) -> str:
    return NOTHING if value is None else format_decimal(value)


def _change(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    return None if not old or new is None else (new - old) * 100 / old


def _codes(word: str, codes: frozenset[str]) -> str:
    """« avec 500, 501 »; nothing left or come is a dash."""
    return f"{word} {', '.join(sorted(codes))}" if codes else NOTHING
