"""The share-outs of each item as the national cell finds them: in force, to come, prepared."""

from dataclasses import dataclass, field
from datetime import date

from common.weeks import current_week
from epi_stocks.models import EpiItem
from orders.doctrine.reading import doctrine_on
from orders.models import Allocation, Doctrine
from orders.quotas.stock import free_by_item, left_by_item
from orders.rules import tensions_of_week

State = Allocation.State
SHOWN = (State.DRAFT, State.PROPOSED, State.PUBLISHED)


@dataclass(slots=True)
class Shelf:
    """An item, what is in force, what comes after, what awaits a second person, the drafts."""

    item: EpiItem
    in_force: Allocation | None = None
    week: Allocation | None = None  # the share-out of this week's quotas
    coming: list[Allocation] = field(default_factory=list)
    proposed: list[Allocation] = field(default_factory=list)
    drafts: list[Allocation] = field(default_factory=list)
    is_tense: bool = False  # somewhere, some day of the week
    doctrine: Doctrine | None = None  # the one that applies by now
    free: int = 0  # units of the State stock
    left: int = 0  # units of this week still to order, regional pools included

    @property
    def is_idle(self) -> bool:
        """Nothing is in force, to come or prepared."""
        return not (self.in_force or self.coming or self.proposed or self.drafts)

    @property
    def awaits(self) -> bool:
        """A week has begun without its quotas: the worker makes them in a minute."""
        return self.in_force is not None and self.week is None and self.is_tense

    @property
    def sleeps(self) -> bool:
        """In force, of an item that is in tension nowhere: its quotas are not renewed."""
        return self.in_force is not None and not self.is_tense

    @property
    def is_outdated(self) -> bool:
        """Whether another doctrine applies by now."""
        used = self.in_force.doctrine if self.in_force else None
        return bool(used and self.doctrine and used != self.doctrine)

    @property
    def lacks(self) -> int:
        """Units that the week allows and that the State no longer has."""
        return max(0, self.left - self.free) if self.week else 0

    @property
    def is_without_floor(self) -> bool:
        """Whether the needs have grown so much that the pool does not hold the floors."""
        return bool(self.week and self.week.floor_served < self.week.floor_packs)

    @property
    def given(self) -> int:
        """Units a week, pools included."""
        return self.week.pool - (self.week.reserve or 0) if self.week else 0


def shelves(week: date | None = None) -> list[Shelf]:
    """One an item, sizes together."""
    week = week or current_week()
    tense, doctrine = tensions_of_week(week), doctrine_on(week)
    free, left = free_by_item(), left_by_item(week)
    found = {
        one.pk: Shelf(one, is_tense=one.pk in tense, doctrine=doctrine,
                      free=free.get(one.pk, 0), left=left.get(one.pk, 0))
        for one in EpiItem.objects.top()
    }  # fmt: skip
    for one in Allocation.objects.in_force(week).select_related(*NAMES):
        found[one.item_id].in_force = one
    for one in Allocation.objects.week_of(week).select_related(*NAMES):
        found[one.item_id].week = one
    rows = Allocation.objects.decided().filter(state__in=SHOWN).select_related(*NAMES)
    for one in rows.order_by("starts_on", "pk"):
        shelf = found[one.item_id]
        if one.state == State.DRAFT:
            shelf.drafts.append(one)
        elif one.state == State.PROPOSED:
            shelf.proposed.append(one)
        elif one.starts_on > week:
            shelf.coming.append(one)
    return list(found.values())


NAMES = ("item", "doctrine", "created_by", "proposed_by", "published_by")
