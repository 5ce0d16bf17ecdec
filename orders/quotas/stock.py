"""What the State holds of an item for a week of quotas, on the products of the catalogue."""

from datetime import date

from django.db.models import F, Sum

from orders.models import Quota, RegionalPool, Source, Stock


def state_stock(item_id: int, week: date) -> int:
    """Units free to order, and those that the orders of that week took already off the shelf."""
    shelves = Stock.objects.filter(product__item=item_id, product__source=Source.STATE)
    free = shelves.aggregate(units=Sum("available"))["units"] or 0
    return int(free) + used_in(item_id, week)


def free_by_item() -> dict[int, int]:
    """By number of item, units of the State stock free to order."""
    rows = Stock.objects.filter(product__source=Source.STATE).order_by()
    return dict(rows.values_list("product__item").annotate(units=Sum("available")))


def left_by_item(week: date) -> dict[int, int]:
    """By number of item, units of the quotas and the regional pools of a week still to order."""
    found: dict[int, int] = {}
    for rows in (Quota.objects, RegionalPool.objects):
        sums = rows.filter(week=week).order_by().values_list("item")
        for item, units in sums.annotate(units=Sum(F("granted") - F("used"))):
            found[item] = found.get(item, 0) + units
    return found


def used_in(item_id: int, week: date) -> int:
    """Units that the orders of a week took, off the quotas and the regional pools."""
    return sum(
        rows.filter(item=item_id, week=week).aggregate(units=Sum("used"))["units"] or 0
        for rows in (Quota.objects, RegionalPool.objects)
    )
