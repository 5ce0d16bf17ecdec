"""What the consortium sells is ordered: a basket apart, sent at the prices that were shown.

No quota; the stock of the supplier is guarded by its counter. Out of tension only [003], and while
an agreement is in force [004].
"""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS, current_week
from journal.services import record
from orders.chorus.recipients import missing_in_words
from orders.consortium.offer import (
    Offer,
    changed_in_words,
    mark_of,
    offers_of,
    packs_of,
    totals_of_offers,
)
from orders.consortium.payers import Payer, is_public
from orders.consortium.tariffs import Totals
from orders.invoices.content import euros
from orders.models import (
    Beneficiary,
    Billing,
    Movement,
    Order,
    OrderingRule,
    OrderLine,
    Product,
    SupplyAgreement,
)
from orders.rules import is_served, served_regions
from orders.services.agreements import agreement_on, closed_in_words
from orders.services.counters import NotEnoughError, Taking, take
from orders.services.errors import OrderingError
from orders.services.holders import Holder, holders_of, require_may_order
from orders.services.sending import (
    Delivery,
    add_step,
    deliver_to,
    number_of,
    require_delivery,
    told,
)

MOST_PACKS = 100_000
PAID = Order.Kind.PAID


class BasketChangedError(OrderingError):
    """A price, a tax or the basket is not what was shown: to read again."""


class MissingBillingError(OrderingError):
    """The recipient wants more on its invoices; ``fields`` says what, by field."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("Il manque de quoi facturer cette commande.")
        self.fields = fields


def basket_of(user: User, beneficiary: Beneficiary) -> Order | None:
    rows = Order.objects.filter(
        created_by=user, beneficiary=beneficiary, kind=PAID, state=Order.State.DRAFT
    )
    found: Order | None = rows.first()
    return found


@transaction.atomic
def put_in_basket(*, by: User, beneficiary: Beneficiary, product: Product, packs: int) -> Order:
    """So many packs of a product in place of those that were there; 0 takes it off."""
    holder = Holder(beneficiary=beneficiary)
    if holder.key not in [one.key for one in holders_of(by)]:
        raise OrderingError(f"Le profil que vous utilisez ne commande pas pour {holder.name}.")
    draft = _draft(by, holder)
    if not packs:
        draft.lines.filter(product=product).delete()
        return draft
    day = timezone.localdate()
    agreement = _agreement(day)
    offers = offers_of(agreement, day, holder.region_id, {product.pk: packs})
    offer = next((one for one in offers if one.product.pk == product.pk), None)
    if offer is None:
        raise OrderingError("Ce produit n’est plus vendu.")
    if offer.refusal or packs > MOST_PACKS:
        raise OrderingError(f"{product}\u00a0: {offer.refusal or 'quantité trop grande.'}")
    values = {"quantity": packs * product.units_per_pack}
    OrderLine.objects.update_or_create(order=draft, product=product, defaults=values)
    draft.save()
    return draft


def _draft(by: User, holder: Holder) -> Order:
    """Two windows of the same person write in the same basket, one after the other."""
    rows = Order.objects.filter(created_by=by, kind=PAID, state=Order.State.DRAFT, **holder.key)
    locked = rows.select_for_update(of=("self",), no_key=True)
    found: Order | None = locked.first()
    if found is None:
        row = Order(created_by=by, kind=PAID, region_id=holder.region_id, **holder.key)
        row.profile = by.active_profile
        Order.objects.bulk_create([row], ignore_conflicts=True)
        found = locked.get()
    return found


def _agreement(day: date) -> SupplyAgreement:
    found = agreement_on(day)
    if found is None:
        raise OrderingError(closed_in_words())
    return found


def send_paid(
    *,
    by: User,
    beneficiary: Beneficiary,
    token: UUID,
    delivery: Delivery,
    payer: Payer,
    shown: str,
    now: datetime | None = None,
) -> Order:
    """Send the basket of this token; again with the same token, it is the same order.

    ``shown``: the mark of the basket that its author read. Raise ``BasketChangedError``,
    ``MissingBillingError`` or ``OrderingError``; nothing is then written.
    """
    now = now or timezone.now()
    is_public_buyer = is_public(beneficiary)
    if is_public_buyer:
        missing = missing_in_words(payer.siret, payer.service_code, payer.engagement)
        if missing:
            raise MissingBillingError(missing)
    try:
        with transaction.atomic():
            row = _sent(by, Holder(beneficiary=beneficiary), token, delivery, shown, now)
            billed = asdict(payer) | {"is_public": is_public_buyer}
            Billing.objects.get_or_create(order=row, defaults=billed)
            return row
    except NotEnoughError as error:
        raise OrderingError(
            f"{error.counter}\u00a0: quelqu’un vient d’en commander, il n’en reste pas assez. "
            "Changez la quantité."
        ) from error


def _sent(
    by: User,
    holder: Holder,
    token: UUID,
    delivery: Delivery,
    shown: str,
    now: datetime,
) -> Order:
    day = now.astimezone(PARIS).date()
    require_may_order(by, holder, is_served(holder.region_id, served_regions(day)))
    rows = Order.objects.filter(token=token, kind=PAID, created_by=by, **holder.key)
    row: Order | None = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise OrderingError("Votre panier est vide\u00a0: choisissez au moins un produit.")
    if row.state != Order.State.DRAFT:
        return row
    agreement = _agreement(day)
    basket = packs_of(row)
    offers = [one for one in offers_of(agreement, day, holder.region_id, basket) if one.packs]
    totals = _checked(offers, shown)
    require_delivery(delivery, holder)
    _write(row, offers, agreement, delivery, now)
    _tell(row, holder, offers, totals, by)
    take(_taking(offers), order=row, cause=Movement.Cause.ORDERED, by=by)
    return row


def _checked(offers: list[Offer], shown: str) -> Totals:
    if not offers:
        raise OrderingError("Votre panier est vide\u00a0: choisissez au moins un produit.")
    refused = [f"{one.product}\u00a0: {one.refusal}" for one in offers if one.refusal]
    if refused:
        raise OrderingError(" ".join(refused))
    totals = totals_of_offers(offers)
    if shown != mark_of(offers):
        raise BasketChangedError(
            f"Le panier n’est plus celui que vous avez lu\u00a0: il vaut maintenant "
            f"{euros(totals.gross)} TTC. {changed_in_words(offers, shown)} Relisez, puis "
            "transmettez."
        )
    return totals


def _taking(offers: list[Offer]) -> Taking:
    return Taking(stocks={one.stock.pk: one.units for one in offers if one.stock})


def _write(
    row: Order,
    offers: list[Offer],
    agreement: SupplyAgreement,
    delivery: Delivery,
    now: datetime,
) -> None:
    rule = OrderingRule.on(now.astimezone(PARIS).date())
    row.state, row.submitted_at, row.operator = Order.State.SUBMITTED, now, agreement.body
    row.number, row.week = number_of(row.pk, now), current_week(now)
    row.editable_until = rule.closing(now)
    delay = max(one.product.delay_days for one in offers)
    row.expected_on = rule.expected(row.editable_until, delay)
    deliver_to(row, delivery)
    row.save()
    by_product = {one.product.pk: one.tariff for one in offers}
    lines = list(row.lines.all())
    for line in lines:
        tariff = by_product[line.product_id]
        line.price, line.tax_rate = tariff.price, tariff.tax_rate
    OrderLine.objects.bulk_update(lines, ["price", "tax_rate"])


def _tell(row: Order, holder: Holder, offers: list[Offer], totals: Totals, by: User) -> None:
    amount = f"{euros(totals.net)} HT, {euros(totals.gross)} TTC"
    text = f"Commande transmise à {row.operator}, pour {amount}. Elle sera facturée."
    add_step(row, text, by=by, at=row.submitted_at)
    products = {one.product.pk: one.product for one in offers}
    record(
        "orders.order_sent",
        by=by,
        target=row,
        place=holder.place,
        lines=told({one.product.pk: one.units for one in offers}, products),
        operator=str(row.operator),
        gross=str(totals.gross),
    )
