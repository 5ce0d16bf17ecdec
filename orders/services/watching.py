"""« Prévenez-moi »: who waits for a product that ran out is told once, when it is back."""

from django.db import transaction

from accounts.models import User
from journal.services import record
from orders.models import Product, StockWatch
from orders.services.errors import OrderingError
from orders.services.holders import Holder, holders_of
from orders.services.routing import route_of


@transaction.atomic
def watch(*, by: User, holder: Holder, product: Product) -> StockWatch:
    """Wait for a product at the warehouse that serves; asked twice, it is one mail."""
    if holder.key not in [one.key for one in holders_of(by)]:
        raise OrderingError(f"Le profil que vous utilisez ne commande pas pour {holder.name}.")
    operator = route_of(holder.beneficiary, holder.region_id).operator
    found, is_new = StockWatch.objects.get_or_create(
        product=product, holder=operator, user=by, told_at=None, **holder.key
    )
    if is_new:
        record("orders.watch_asked", by=by, target=product, place=holder.place)
    return found
