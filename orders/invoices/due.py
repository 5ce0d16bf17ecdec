"""What is still to invoice of paid orders: packs that left, less those on invoices that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from establishments.perimeter import Action
from orders.models import Invoice, InvoiceLine, Order, OrderLine

NEVER_BILLED = (Order.State.DRAFT, Order.State.CANCELLED, Order.State.REFUSED)


@dataclass(frozen=True, slots=True)
class Due:
    """Whole packs of a line of an order that left and that no invoice asks."""

    line: OrderLine
    packs: int


def counted(rows: Any) -> Any:
    """Lines of orders with ``billed``, the packs that invoices in force ask.

    A credit note that lessens an invoice takes nothing off: its packs are settled, for nothing.
    """
    standing = InvoiceLine.objects.filter(
        ordered=OuterRef("pk"),
        invoice__kind=Invoice.Kind.INVOICE,
        invoice__cancelled_by__isnull=True,
    )
    sums = standing.order_by().values("ordered").annotate(total=Sum("packs")).values("total")
    return rows.annotate(billed=Coalesce(Subquery(sums), 0))


def to_invoice(by: User) -> Any:
    """Paid orders of which something left and is on no invoice that holds."""
    next_pack = (F("billed") + 1) * F("product__units_per_pack")
    lines = counted(OrderLine.objects.filter(order=OuterRef("pk"))).filter(shipped__gte=next_pack)
    rows = Order.objects.for_user(by, to=Action.INV_ISSUE)
    return rows.filter(Exists(lines), billing__isnull=False)


def due_lines(orders: Sequence[Order]) -> list[Due]:
    """In the order of their orders, then of the catalogue."""
    rows = counted(OrderLine.objects.filter(order__in=orders, shipped__gt=0))
    found = rows.select_related("product", "order").order_by("order", "product__rank", "pk")
    due = [Due(one, one.shipped // one.product.units_per_pack - one.billed) for one in found]
    return [one for one in due if one.packs > 0]


def may_still_bill(order: Order) -> bool:
    """Something of it is, or will be, on a next invoice: whom to bill can still be corrected."""
    if order.kind != Order.Kind.PAID or order.state in NEVER_BILLED:
        return False
    rows = counted(order.lines.select_related("product"))
    return any(_promised(one) > one.billed for one in rows)


def _promised(line: OrderLine) -> int:
    units = line.quantity if line.confirmed is None else line.confirmed
    return int(units // line.product.units_per_pack)
