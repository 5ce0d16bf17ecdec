"""What of the orders the weekly inventory is told: to come this week, or received [004]."""

from collections import Counter
from datetime import date

from common.weeks import monday_of
from epi_stocks.services.coverage import main_site_id
from epi_stocks.services.supplies import Announced, announce_supplies
from establishments.models import Establishment
from orders.following.expected import due_of
from orders.models import DeliveryAddress, Order, ReceptionLine, ReliefRequest

Week = tuple[date, int, bool]  # of which week, of which item, whether it came


def announce_order(order: Order) -> None:
    """Announce again all that an order brings, week by week: each unit once, in one week.

    What left and is not received is of the week when its carrier gave it, else when it is expected;
    what is received, of the week when it came.
    """
    site = site_of(order)
    if site is None:
        return
    found: Counter[Week] = Counter()
    items = dict(order.lines.values_list("pk", "product__item"))
    told = ReceptionLine.objects.filter(reception__order=order).select_related("reception")
    for one in told:
        found[monday_of(one.reception.received_on), items[one.line_id], True] += one.received
    due = due_of(order)
    for shipment in order.shipments.all():
        day: date | None = shipment.delivered_at or shipment.expected_on or order.expected_on
        if day is None:
            continue
        for line, units in due.left(shipment).items():
            found[monday_of(day), items[line], False] += units
    announce_supplies(
        source=f"commande {order.number}",
        site=site,
        announced=[
            Announced(week, item, units, is_received)
            for (week, item, is_received), units in found.items()
        ],
    )


def site_of(order: Order) -> Establishment | None:
    """The one that orders; for a legal entity that of the address, else its main one.

    What an agency orders on its pool is of the site it helps, or of that of the address; delivered
    to a depot, of none.
    """
    if order.beneficiary is None:
        return _site_helped(order)
    if order.beneficiary.establishment is not None:
        return order.beneficiary.establishment
    if order.address is not None and order.address.site is not None:
        return order.address.site
    if order.beneficiary.legal_entity_id is None:
        return None
    main = main_site_id(order.beneficiary.legal_entity_id)
    return Establishment.objects.filter(pk=main).first() if main else None


def _site_helped(order: Order) -> Establishment | None:
    """That of the request, else of the address; none for a depot of the agency's own."""
    asked = ReliefRequest.objects.select_related("site").filter(order=order).first()
    address = asked or order.address
    site: Establishment | None = address.site if address else None
    if site is None and isinstance(address, DeliveryAddress) and address.beneficiary is not None:
        site = address.beneficiary.establishment
    return site
