"""What is in tension somewhere on a day, and what is not: the two titles of the catalogue."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from epi_stocks.models import EpiItem
from orders.models import Product, Tension
from orders.rules import tensions_told

SEVERAL = 2


@dataclass(frozen=True, slots=True)
class ItemState:
    """An equipment of the catalogue, and the tension in force on it, if any.

    ``regions``: where alone, for who looks at the country.
    """

    item: EpiItem
    tension: Tension | None
    regions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """« Gants », « Gants (Bretagne, Normandie) »."""
        return f"{self.item} ({', '.join(self.regions)})" if self.regions else str(self.item)

    @property
    def is_tense(self) -> bool:
        return self.tension is not None

    @property
    def message(self) -> str:
        """That of the tension; of several regions, none is for all."""
        return self.tension.message if self.tension and len(self.regions) < SEVERAL else ""

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
    """The State's equipment, in tension or not in a region that day; two statements in all.

    ``region_id`` is None for the country: an equipment in tension in some regions is, there.
    """
    tense = {one.item.pk: one for one in tense_states(region_id, day)}
    of_state = Product.objects.of_state().filter(item=OuterRef("pk"))
    items = EpiItem.objects.top().filter(Q(Exists(of_state)) | Q(pk__in=tense))
    return Situation([tense.get(item.pk, ItemState(item, None)) for item in items])


def tense_states(region_id: str | None, day: date) -> list[ItemState]:
    """The equipment in tension alone, in the order of the inventory; one statement."""
    found: dict[int, list[Tension]] = defaultdict(list)
    for one in tensions_told(day, region_id):
        found[one.item_id].append(one)
    read = _of_country if region_id is None else _of_region
    return [read(tensions) for tensions in found.values()]


def _of_region(tensions: Sequence[Tension]) -> ItemState:
    """A region's own wins over the country's: its message is nearer."""
    nearest = next((one for one in tensions if one.region_id), tensions[0])
    return ItemState(nearest.item, nearest)


def _of_country(tensions: Sequence[Tension]) -> ItemState:
    """The country's own, else where it is."""
    widest = next((one for one in tensions if one.region_id is None), None)
    if widest:
        return ItemState(widest.item, widest)
    regions = sorted(str(one.region) for one in tensions)
    return ItemState(tensions[0].item, tensions[0], tuple(regions))
