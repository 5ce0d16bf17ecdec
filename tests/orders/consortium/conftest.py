"""An EHPAD that buys masks out of tension, from a consortium whose agreement is in force."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from orders.consortium.offer import mark_of
from orders.consortium.payers import payer_of
from orders.models import Beneficiary, DeliveryAddress, Product, Registration, Stock
from orders.services.paid_orders import basket_of, put_in_basket, send_paid
from orders.services.sending import Delivery
from orders.views.paid_catalogue import basket_offers
from tests.builders import make_person
from tests.orders.builders import make_address, make_stock
from tests.orders.paid_builders import (
    consortium,
    make_agreement,
    make_buyer,
    make_seller,
    make_sold,
)


@dataclass
class Shop:
    buyer: Beneficiary
    operator: object
    supplier: object
    masks: Product
    stock: Stock
    address: DeliveryAddress

    def put(self, packs=10, product=None, by=None):
        return put_in_basket(
            by=by or self.operator,
            beneficiary=self.buyer,
            product=product or self.masks,
            packs=packs,
        )

    @property
    def delivery(self):
        return Delivery(self.address, "Sonia Petit", "02 38 00 00 00")

    def send(self, by=None, **more):
        by = by or self.operator
        basket = basket_of(by, self.buyer)
        asked = {
            "token": basket.token if basket else uuid4(),
            "delivery": self.delivery,
            "payer": payer_of(self.buyer),
            "shown": self.shown(basket),
        }
        return send_paid(by=by, beneficiary=self.buyer, **asked | more)

    def shown(self, basket):
        """The mark of a basket as the review page shows it now."""
        return mark_of(basket_offers(basket, self.buyer)) if basket else ""

    @property
    def left(self):
        self.stock.refresh_from_db()
        return self.stock.available


def registered(person):
    """Somebody who filled the form of the first visit [003]."""
    row = {"civility": "mme", "first_name": "Sonia", "last_name": "Petit", "status": "private"}
    told = row | {"email": "sonia.petit@ehpad.example", "phone": "02 38 00 00 00"}
    Registration.objects.create(profile=person.profiles.get(), **told)
    return person


def shop_of(buyer):
    masks = make_sold("6.40", label="Masques chirurgicaux", kind="type IIR")
    place = buyer.establishment
    return Shop(
        buyer=buyer,
        operator=registered(make_person("OCE", on=place)),
        supplier=make_person("CSM", on=consortium()),
        masks=masks,
        stock=make_stock(masks, available=1_000, holder=consortium()),
        address=make_address(buyer, lines=place.address, postal_code=place.postal_code),
    )


@pytest.fixture
def shop(db):
    make_agreement()
    make_seller()
    return shop_of(make_buyer())


@pytest.fixture
def public_shop(db):
    make_agreement()
    make_seller()
    return shop_of(make_buyer(public=True))
