"""The basket: one draft kept for each person and each place they order for; it counts nothing."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from orders.models import DeliveryAddress, Order, OrderLine, Product
from orders.services.errors import OrderingError
from orders.services.holders import Holder, holders_of
from orders.services.sending import Delivery, deliver_to, is_of

MOST = 999_999_999


def draft_of(user: User, holder: Holder) -> Order | None:
    rows = Order.objects.filter(
        created_by=user, state=Order.State.DRAFT, kind=holder.kind, **holder.key
    )
    found: Order | None = rows.first()
    return found


@transaction.atomic
def save_line(*, by: User, holder: Holder, product: Product, quantity: int) -> Order | None:
    """Put units of a product in the basket in place of those that were there; 0 takes it off."""
    return save_lines(by=by, holder=holder, lines={product.pk: quantity})


@transaction.atomic
def save_lines(*, by: User, holder: Holder, lines: Mapping[int, int]) -> Order | None:
    """As ``save_line`` for several products. Nothing is counted nor promised before it is sent."""
    _require_holder(by, holder)
    products = {one.pk: one for one in Product.objects.of_state().filter(pk__in=lines)}
    for pk, units in lines.items():
        if units:
            _require_whole(products.get(pk), units)
    draft = _locked_draft(by, holder, is_needed=any(lines.values()))
    if draft is None:
        return None
    for pk, units in lines.items():
        if units:
            key = {"order": draft, "product": products[pk]}
            OrderLine.objects.update_or_create(**key, defaults={"quantity": units})
        else:
            draft.lines.filter(product=pk).delete()
    draft.save()
    return draft


@transaction.atomic
def remove_line(*, by: User, holder: Holder, product: Product) -> Order | None:
    return save_lines(by=by, holder=holder, lines={product.pk: 0})


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


def _require_whole(product: Product | None, units: int) -> None:
    if product is None:
        raise OrderingError("Ce produit n’est plus au catalogue\u00a0: rouvrez la page.")
    if units % product.units_per_pack or not 0 < units <= MOST:
        raise OrderingError(f"{product}\u00a0: par {product.units_per_pack} seulement.")


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
