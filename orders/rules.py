"""What the law of the State stock says on a day: which equipment is in tension, where it serves."""

from collections.abc import Collection
from datetime import date, timedelta

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


def tensions_of_week(week: date) -> dict[int, frozenset[str]]:
    """By number of item, the regions in tension some day of a week; none named: the country."""
    last = week + timedelta(days=6)
    found = Tension.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=week), starts_on__lte=last
    )
    places: dict[int, set[str | None]] = {}
    for item, region in found.values_list("item", "region"):
        places.setdefault(item, set()).add(region)
    return {item: _named(regions) for item, regions in places.items()}


def _named(regions: set[str | None]) -> frozenset[str]:
    """A tension of the whole country counts for every region."""
    return frozenset() if None in regions else frozenset(one for one in regions if one)


def regions_in_tension(item_id: int, week: date) -> list[str]:
    """Where an item is in tension that week; none: in the whole country, or nowhere yet."""
    return sorted(tensions_of_week(week).get(item_id, ()))


def served_regions(day: date) -> frozenset[str]:
    """Codes of the regions that the State stock serves that day (« Hors Outre-mer » [002])."""
    return frozenset(ServedRegion.objects.in_force(day).values_list("region_id", flat=True))


def is_served(region_id: str | None, served: Collection[str]) -> bool:
    return region_id is not None and region_id in served
