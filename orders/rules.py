"""What the law of the State stock says on a day: which equipment is in tension, where it serves."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, Q

from orders.models import ServedRegion, Tension


def tensions_on(day: date, region_id: str | None = None) -> dict[int, Tension]:
    """The tension of each item (by its number) in force in a region; nationwide ones count.

    A region's own wins over the country's: its message is nearer. None: the nationwide ones.
    """
    inside = Q(region__isnull=True)
    if region_id is not None:
        inside |= Q(region=region_id)
    found = Tension.objects.in_force(day).filter(inside).select_related("item", "region")
    by_place = sorted(found, key=lambda one: one.region_id or "")
    return {one.item_id: one for one in by_place}


def tensions_told(day: date, region_id: str | None) -> list[Tension]:
    """Those that somebody reads of: of a region, where the State stock serves it; of the country
    (None), all of them."""
    found = Tension.objects.in_force(day).select_related("item", "region")
    if region_id is not None:
        serves = ServedRegion.objects.in_force(day).filter(region=region_id)
        found = found.filter(Exists(serves), Q(region__isnull=True) | Q(region=region_id))
    return list(found.order_by("item__rank", "starts_on", "pk"))


def served_regions(day: date) -> frozenset[str]:
    """Codes of the regions that the State stock serves that day (« Hors Outre-mer » [002])."""
    return frozenset(ServedRegion.objects.in_force(day).values_list("region_id", flat=True))


def is_served(region_id: str | None, served: Collection[str]) -> bool:
    return region_id is not None and region_id in served
