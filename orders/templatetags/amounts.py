"""How amounts of money are written on pages, and what an order costs."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from accounts.models import User
from establishments.perimeter import Action
from orders.invoices.content import euros, percent
from orders.invoices.due import may_still_bill
from orders.models import Invoice, Order
from orders.services.billings import billed_orders

register = template.Library()
register.filter("percent", percent)


@register.filter("euros")
def euros_or_dash(amount: Decimal | None) -> str:
    """« 1 234,50 € »; nothing known is a dash."""
    return "–" if amount is None else euros(amount)


@register.filter
def order_net(order: Order) -> Decimal:
    """What its lines cost without tax, at the prices that it keeps."""
    rows = order.lines.select_related("product")
    return sum(
        (one.quantity // one.product.units_per_pack * (one.price or Decimal(0)) for one in rows),
        Decimal(0),
    )


@register.filter
def may_correct_billing(order: Order, user: User) -> bool:
    """Whether whom to bill is still open, and this person's to say."""
    return may_still_bill(order) and billed_orders(user).filter(pk=order.pk).exists()


@register.simple_tag
def readable_invoices(order: Order, user: User) -> Iterable[Invoice]:
    """The invoices of an order that this person may read."""
    rows = Invoice.objects.for_user(user, to=Action.INV_READ)
    found: Iterable[Invoice] = rows.filter(lines__ordered__order=order).distinct()
    return found
