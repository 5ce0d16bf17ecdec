"""What follows when a warehouse says that a shipment left: a mail, the inventory of the week."""

from django.db import transaction

from orders.following.letters import tell_shipment
from orders.models import Shipment
from orders.services.supplies import announce_order


@transaction.atomic
def announce_shipment(shipment: Shipment) -> None:
    """Write to who ordered, and tell their weekly inventory what comes. Once, when it is created.

    Not journaled: the report that creates the shipment is.
    """
    announce_order(shipment.order)
    tell_shipment(shipment)
