"""The share-outs of each item as the national cell finds them: in force, to come, prepared."""

from dataclasses import dataclass, field
from datetime import date

from common.weeks import current_week
from epi_stocks.models import EpiItem
from orders.models import Allocation

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

    @property
    def awaits(self) -> bool:
        """A week has begun without its quotas: the worker makes them in a minute."""
        return self.in_force is not None and self.week is None

    @property
    def given(self) -> int:
        """Units a week, pools included."""
        return self.week.pool - (self.week.reserve or 0) if self.week else 0


def shelves(week: date | None = None) -> list[Shelf]:
    """One an item, sizes together."""
    week = week or current_week()
    found = {one.pk: Shelf(one) for one in EpiItem.objects.top()}
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
