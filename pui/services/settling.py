"""After a product moved to another « UCD de référence »: what maPUI sent is settled again.

What maPUI sent of a whole reference and its UCDs are never counted twice (`pui.services.storing`);
which UCDs these are has just changed, for every pharmacy that sent such figures.
"""

from collections.abc import Collection

from django.db import connection, transaction

from common.locks import Lock
from medications.models import Product
from pui.models import LatestStock, Pui, Transmission
from pui.services.storing import FALL_BACK, SETTLE_VIRTUAL


def settle(products: Collection[int], former: Collection[int] = ()) -> int:
    """Bring the last stocks of both references up to date, pharmacy by pharmacy; say how many.

    Each in its transaction, behind the lock that a transmission takes: done twice, or beside one,
    it changes nothing more.
    """
    touched = touched_by(products, former)
    puis = concerned(touched)
    for pui in puis:
        with transaction.atomic(), connection.cursor() as cursor:
            Pui.objects.select_for_update().only("pk").get(pk=pui)
            cursor.execute(FALL_BACK, {"pui": pui, "products": touched})
            cursor.execute(SETTLE_VIRTUAL, {"pui": pui})
    return len(puis)


def touched_by(products: Collection[int], former: Collection[int]) -> list[int]:
    """The products, and those of the references that they left."""
    left = Product.objects.filter(reference__in=former).values_list("pk", flat=True)
    return sorted({*products, *left})


@transaction.atomic
def concerned(touched: Collection[int]) -> list[int]:
    """The pharmacies that sent figures of maPUI; none when these references have no such figure.

    Those that are sending their first ones are waited for: they began before the product moved.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.REGROUPING])
    references = Product.objects.filter(pk__in=touched).values("reference")
    virtual = Product.objects.filter(kind=Product.Kind.VIRTUAL, reference__in=references)
    if not virtual.exists():
        return []
    held = LatestStock.objects.filter(product__in=virtual).order_by().values_list("pui")
    sent = Transmission.objects.filter(
        origin=Transmission.Origin.MAPUI, state=Transmission.State.CONFIRMED
    )
    return sorted({pui for (pui,) in held.union(sent.order_by().values_list("pui"))})
