"""The products that a list follows, grouped as asked: by UCD, UCD de référence or DCI.

What maPUI sends of a whole reference product (« médicament virtuel ») goes with the products that
it stands for [001].
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from medications.models import Monitoring, Priority, Product


class Grain(StrEnum):
    """How products are grouped on a page; the value stands in addresses."""

    SUBSTANCE = "dci"
    REFERENCE = "reference"
    UCD = "ucd"


GRAIN_LABELS = {
    Grain.SUBSTANCE: "DCI",
    Grain.REFERENCE: "UCD de référence",
    Grain.UCD: "UCD",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A product of a list; ``reference`` and ``substance`` are those of its own, or itself.

    A device has neither: it is its own group, whatever the grain; its ``substance_id`` is the
    opposite of its number, as in ``SubstanceSummary``.
    """

    product_id: int
    code: str
    label: str
    unit: str
    reference: str
    substance: str
    substance_id: int
    priority: int

    def group(self, grain: Grain) -> str:
        if grain is Grain.SUBSTANCE:
            return self.substance
        return self.reference if grain is Grain.REFERENCE else self.label


@dataclass(frozen=True)
class Catalogue:
    """What a list follows on a day."""

    items: dict[int, Item]

    @cached_property
    def watched(self) -> list[Item]:
        """Those of the DCIs that have a UCD of priority 1; where a list has none (vaccines,
        devices), all of them. A DCI is watched whole: its cover is the same on every page."""
        every = self.items.values()
        first = {one.substance for one in every if one.priority == Priority.NATIONAL}
        return [one for one in every if one.substance in first] or list(every)

    @property
    def has_priority(self) -> bool:
        return any(one.priority == Priority.NATIONAL for one in self.items.values())

    @cached_property
    def watched_ids(self) -> list[int]:
        return sorted(one.product_id for one in self.watched)

    @property
    def watched_substances(self) -> list[str]:
        return sorted({one.substance for one in self.watched})

    @property
    def substances(self) -> list[str]:
        return sorted({one.substance for one in self.items.values()})

    @property
    def references(self) -> list[str]:
        return sorted({one.reference for one in self.items.values()})

    def ids_where(self, keeps: Callable[[Item], bool]) -> list[int]:
        return sorted(pk for pk, item in self.items.items() if keeps(item))

    def units(self, product_ids: Collection[int]) -> str:
        """The unit that these products are counted in, when they share one; maPUI names none."""
        found = {self.items[pk].unit for pk in product_ids if pk in self.items} - {""}
        return next(iter(found)) if len(found) == 1 else "unité"


def read_catalogue(monitored_list: str, day: date) -> Catalogue:
    """In three statements: what is followed, those products, then those that maPUI knows."""
    followed = Monitoring.objects.in_force(day).filter(monitored_list=monitored_list)
    priorities = dict(followed.values_list("product_id", "priority"))
    rows = product_rows(Q(pk__in=priorities))
    by_reference: dict[int, int] = {}
    for one in rows:
        if reference := one["reference_id"]:
            known = by_reference.get(reference, Priority.NORMAL)
            by_reference[reference] = min(known, priorities[one["pk"]])
    virtual = product_rows(Q(kind=Product.Kind.VIRTUAL, reference__in=by_reference))
    items = [_item(one, priorities[one["pk"]]) for one in rows]
    items += [_item(one, by_reference[one["reference_id"]]) for one in virtual]
    return Catalogue({one.product_id: one for one in items})


def product_rows(condition: Q) -> list[dict[str, Any]]:
    """Plain values: making the products, their references and their DCIs took a fifth of a page."""
    rows = Product.objects.filter(condition).order_by("sort_label", "code")
    return list(
        rows.values(
            *("pk", "code", "label", "unit", "reference_id"),
            reference_label=F("reference__label"),
            # a product without a DCI of its own has that of its reference
            dci=Coalesce("substance", "reference__substance"),
            dci_name=Coalesce("substance__name", "reference__substance__name"),
        )
    )


def _item(row: dict[str, Any], priority: int) -> Item:
    label = row["label"]
    return Item(
        product_id=row["pk"],
        code=row["code"],
        label=label,
        unit=row["unit"],
        reference=row["reference_label"] or label,
        substance=row["dci_name"] or label,
        substance_id=row["dci"] or -row["pk"],
        priority=priority,
    )
