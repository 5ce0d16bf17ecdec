"""What is in tension somewhere on a day, and what is not: the two titles of the catalogue."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from epi_stocks.models import EpiItem
from orders.models import Product, Tension
from orders.rules import tensions_on


@dataclass(frozen=True, slots=True)
class ItemState:
    """An equipment of the catalogue, and the tension in force on it, if any."""

    item: EpiItem
    tension: Tension | None

    @property
    def is_tense(self) -> bool:
        return self.tension is not None

    @property
    def message(self) -> str:
        return self.tension.message if self.tension else ""

    @property
    def since(self) -> date | None:
        return self.tension.starts_on if self.tension else None

    @property
    def until(self) -> date | None:
        """The last day of it; None while nobody knows."""
        return self.tension.ends_on if self.tension else None


@dataclass(frozen=True, slots=True)
class Situation:
    """The equipment of the catalogue in their order."""

    states: list[ItemState]

    @property
    def tense(self) -> list[ItemState]:
        """« EPI disponibles uniquement sur stock État »."""
        return [one for one in self.states if one.is_tense]

    @property
    def calm(self) -> list[ItemState]:
        """Out of tension: shown at 0/0, bought elsewhere [003]."""
        return [one for one in self.states if not one.is_tense]

    @property
    def by_item(self) -> dict[int, ItemState]:
        return {one.item.pk: one for one in self.states}

    @property
    def is_tense(self) -> bool:
        return bool(self.tense)


def situation_of(region_id: str | None, day: date) -> Situation:
    """The State's equipment, in tension or not in a region that day; two statements in all."""
    tensions = tensions_on(day, region_id)
    of_state = Product.objects.of_state().filter(item=OuterRef("pk"))
    items = EpiItem.objects.top().filter(Q(Exists(of_state)) | Q(pk__in=tensions))
    return Situation([ItemState(item, tensions.get(item.pk)) for item in items])
