"""An EHPAD of the Loiret whose masks and gloves left La Poste's warehouse."""

import uuid
from dataclasses import dataclass

import pytest
from django.utils import timezone

from orders.following.expected import due_of
from orders.models import Beneficiary, Order, Shipment
from orders.services.reception_checks import Counted, Told
from orders.services.receptions import confirm_reception
from tests.builders import make_person
from tests.orders.builders import (
    GLOVES,
    MASKS,
    make_beneficiary,
    make_item,
    make_order,
    make_product,
)
from tests.orders.builders import make_shipment as ship


@dataclass
class World:
    """400 masks and 200 gloves ordered, all shipped at once; ``operator`` ordered them."""

    place: Beneficiary
    order: Order
    shipment: Shipment
    operator: object
    today: object

    @property
    def masks(self):
        return self.order.lines.filter(product__item=MASKS).first()

    @property
    def gloves(self):
        return self.order.lines.filter(product__item=GLOVES).first()

    def told(self, masks=400, gloves=200, *, day=None, comment="", photo=None):
        """Each a number of units, or (received, damaged, reason); None leaves the line out."""
        given = ((self.masks, masks), (self.gloves, gloves))
        counts = {
            line.pk: Counted(*(one if isinstance(one, tuple) else (one,)))
            for line, one in given
            if line and one is not None
        }
        return Told(day or timezone.localdate(), counts, comment, photo)

    def receive(self, *args, by=None, shipment="its", token=None, order=None, now=None, **more):
        return confirm_reception(
            by=by or self.operator,
            order=order or self.order,
            shipment=self.shipment if shipment == "its" else shipment,
            told=self.told(*args, **more),
            token=token or uuid.uuid4(),
            now=now,
        )

    def masks_alone(self, **fields):
        """Another order of the place, of 100 masks."""
        self.order = make_order(self.place, [(self.masks.product, 100)], **fields)
        return self.order

    def left(self, shipment=None):
        """Units still to receive."""
        return sum(due_of(self.reread()).left(shipment).values())

    def reread(self):
        self.order = Order.objects.get(pk=self.order.pk)
        return self.order


@pytest.fixture
def world():
    place = make_beneficiary()
    operator = make_person("OCE", on=place.establishment)
    masks = make_product(make_item(), label="Masques chirurgicaux")
    gloves = make_product(make_item(GLOVES), label="Gants médicaux")
    order = make_order(place, [(masks, 400), (gloves, 200)], by=operator)
    shipment = ship(order, parcels=["6A001"])
    return World(place, order, shipment, operator, timezone.localdate())
