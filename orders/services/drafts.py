"""The basket: one draft kept for each person and each place they order for; it counts nothing."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from common.numbers import MAXIMUM, format_integer
from orders.models import DeliveryAddress, Order, OrderLine, Product, Source
from orders.services.errors import OrderingError
from orders.services.holders import Holder, holders_of
from orders.services.sending import Delivery, deliver_to, is_of


def draft_of(user: User, holder: Holder) -> Order | None:
    rows = Order.objects.filter(
        created_by=user, state=Order.State.DRAFT, kind=holder.kind, **holder.key
    )
    found: Order | None = rows.first()
    return found


@transaction.atomic
def save_lines(*, by: User, holder: Holder, lines: Mapping[int, int]) -> Order | None:
    """Put units of products in the basket in place of those that were there; 0 takes one off.

    Nothing is counted nor promised before it is sent. A line left as it was stays, even of a
    product taken off the catalogue since.
    """
    _require_holder(by, holder)
    draft = _locked_draft(by, holder, is_needed=any(lines.values()))
    if draft is None:
        return None
    kept = dict(draft.lines.order_by().values_list("product", "quantity"))
    changed = {pk: units for pk, units in lines.items() if units != kept.get(pk, 0)}
    _require_whole({pk: units for pk, units in changed.items() if units})
    draft.lines.filter(product__in=changed).delete()
    OrderLine.objects.bulk_create(
        OrderLine(order=draft, product_id=pk, quantity=units)
        for pk, units in changed.items()
        if units
    )
    draft.save()
    return draft


@transaction.atomic
def keep_draft(
    *, by: User, holder: Holder, lines: Mapping[int, int], delivery: Delivery
) -> Order | None:
    """« Garder en brouillon »: the whole basket as it was typed, with where to deliver."""
    draft = draft_of(by, holder)
    kept = dict.fromkeys(draft.lines.values_list("product", flat=True), 0) if draft else {}
    saved = save_lines(by=by, holder=holder, lines=kept | dict(lines))
    if saved is None:
        return None
    _require_own(delivery.address, holder)
    deliver_to(saved, delivery)
    saved.save()
    return saved


def _require_holder(by: User, holder: Holder) -> None:
    if holder.key not in [one.key for one in holders_of(by)]:
        raise OrderingError(f"Le profil que vous utilisez ne commande pas pour {holder.name}.")


def _require_own(address: DeliveryAddress | None, holder: Holder) -> None:
    if address is not None and not is_of(address, holder):
        raise OrderingError("Cette adresse n’est pas une des vôtres.")


def _require_whole(lines: Mapping[int, int]) -> None:
    products = Product.objects.in_bulk(lines)
    for pk, units in lines.items():
        product = products.get(pk)
        if product is None or not product.is_open or product.source != Source.STATE:
            raise OrderingError(f"{product or 'Un produit'} n’est plus au catalogue.")
        if units % product.units_per_pack or not 0 < units <= MAXIMUM:
            size = format_integer(product.units_per_pack)
            raise OrderingError(f"{product}\u00a0: par {size} seulement.")


def _locked_draft(by: User, holder: Holder, is_needed: bool) -> Order | None:
    """Two windows of the same person write in the same draft, one after the other."""
    rows = Order.objects.filter(
        created_by=by, state=Order.State.DRAFT, kind=holder.kind, **holder.key
    ).select_for_update(of=("self",), no_key=True)
    found: Order | None = rows.first()
    if found is None and is_needed:
        row = Order(created_by=by, kind=holder.kind, region_id=holder.region_id, **holder.key)
        row.profile = by.active_profile
        Order.objects.bulk_create([row], ignore_conflicts=True)
        found = rows.first()
    return found
