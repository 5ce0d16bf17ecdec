"""Whom to bill of a paid order is corrected, as long as something of it is still to be invoiced.

By its buyer, or by its supplier: an invoice that Chorus Pro or its recipient refused for a wrong
service or engagement is cancelled, corrected here, and issued again.
"""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from orders.chorus.recipients import missing_in_words
from orders.consortium.payers import Payer, payer_told
from orders.invoices.due import may_still_bill
from orders.models import Billing, Order
from orders.services.errors import OrderingError
from orders.services.paid_orders import MissingBillingError
from orders.services.sending import add_step


class BillingChangedError(OrderingError):
    """Somebody corrected it since it was shown."""


def billed_orders(by: User) -> Any:
    """Paid orders whose billing this person may correct: the buyer's, or those one invoices."""
    own = Order.objects.to_write(by).order_by().values("pk")
    sold = Order.objects.for_user(by, to=Action.INV_ISSUE).order_by().values("pk")
    rows = Order.objects.filter(kind=Order.Kind.PAID, billing__isnull=False)
    return rows.filter(Q(pk__in=own) | Q(pk__in=sold)).exclude(state=Order.State.DRAFT)


def correct_billing(*, by: User, order: Order, payer: Payer, seen: str) -> Billing:
    """Bill what is left of an order otherwise; invoices already issued keep what they say.

    ``seen``: the mark of what was shown. Raise ``BillingChangedError``, ``MissingBillingError`` or
    ``OrderingError``; nothing is then written.
    """
    if order.billing.is_public:
        missing = missing_in_words(payer.siret, payer.service_code, payer.engagement)
        if missing:
            raise MissingBillingError(missing)
    with transaction.atomic():
        return _correct(by, order, payer, seen)


def _correct(by: User, order: Order, payer: Payer, seen: str) -> Billing:
    rows = billed_orders(by).filter(pk=order.pk)
    locked = rows.select_for_update(of=("self",), no_key=True).first()
    if locked is None:
        raise OrderingError("Le profil que vous utilisez ne corrige pas cette facturation.")
    if not may_still_bill(locked):
        raise OrderingError(
            "Tout ce qui est dû de cette commande est facturé\u00a0: rien à corriger."
        )
    row: Billing = Billing.objects.get(order=locked)
    before = payer_told(row)
    if before.mark != seen:
        raise BillingChangedError(
            "Quelqu’un vient de corriger cette facturation. Relisez, puis enregistrez de nouveau."
        )
    told, now = asdict(before), asdict(payer)
    names = [name for name in told if told[name] != now[name]]
    if not names:
        return row
    for name in names:
        setattr(row, name, now[name])
    row.save()
    add_step(locked, "Facturation corrigée.", by=by)
    record(
        "orders.billing_corrected",
        by=by,
        target=locked,
        place=locked.beneficiary.place if locked.beneficiary else None,
        before={name: told[name] for name in names},
        after={name: now[name] for name in names},
    )
    return row
