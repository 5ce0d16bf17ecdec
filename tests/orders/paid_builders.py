"""What is sold out of tension, in one call each."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from establishments.models import AdministrativeBody, Establishment
from orders.models import (
    Billing,
    Order,
    OrderLine,
    Seller,
    Shipment,
    ShipmentLine,
    Source,
    SupplyAgreement,
)
from tests.builders import make_body, make_category, make_establishment, make_user
from tests.orders.builders import make_beneficiary, make_order, make_product

Kind = AdministrativeBody.Kind
SIRET, PUBLIC_SIRET = "73282932000074", "26450005900011"


def consortium():
    return make_body(Kind.CONSORTIUM)


def make_agreement(**fields):
    """In force since a month, for five more."""
    today = timezone.localdate()
    defaults = {
        "body": consortium(),
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=150),
    }
    return SupplyAgreement.objects.create(**defaults | fields)


def make_seller(**fields):
    defaults = {
        "body": consortium(),
        "name": "Consortium fictif d’achats hospitaliers",
        "legal_form": "GIP fictif",
        "siret": SIRET,
        "vat_number": "FR44732829320",
        "lines": "1 rue de l’Essai",
        "postal_code": "75013",
        "town": "PARIS",
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPP",
        "email": "factures@consortium.example",
    }
    return Seller.objects.create(**defaults | fields)


def make_sold(price="6.40", **fields):
    """A product of the consortium, by packs of 50."""
    defaults = {"price": Decimal(price), "supplier": consortium(), "source": Source.CONSORTIUM}
    return make_product(**defaults | fields)


def make_buyer(*, public=False):
    """A private establishment, or a public one alone in its entity, with what is billed."""
    category = make_category("500", "EHPAD")
    siret = PUBLIC_SIRET if public else SIRET
    place = make_establishment(
        category=category, siret=siret, address="12 rue des Acacias", postal_code="45000"
    )
    return make_beneficiary(place)


def make_shipped(buyer=None, lines=(), *, state=Order.State.DELIVERED, public=False, **billing):
    """A paid order, all of it delivered yesterday: ``lines`` are (product, packs)."""
    buyer = buyer or make_buyer(public=public)
    yesterday = timezone.now() - timedelta(days=1)
    order = make_order(
        buyer,
        kind=Order.Kind.PAID,
        state=state,
        operator=consortium(),
        exported_at=yesterday,
        by=make_user(),
    )
    shipment = Shipment.objects.create(
        order=order, number="E1", shipped_at=yesterday, delivered_at=yesterday
    )
    for product, packs in lines or [(make_sold(), 10)]:
        _ship_line(order, shipment, product, packs)
    _bill(order, buyer, public, billing)
    order.refresh_from_db()
    return order


def _ship_line(order, shipment, product, packs):
    units = packs * product.units_per_pack
    line = OrderLine.objects.create(
        order=order,
        product=product,
        quantity=units,
        shipped=units,
        price=product.price,
        tax_rate=product.tax_rate,
    )
    ShipmentLine.objects.create(shipment=shipment, line=line, quantity=units)


def _bill(order, buyer, public, changes):
    place = buyer.place
    siret = place.siret if isinstance(place, Establishment) else PUBLIC_SIRET
    fields = {
        "is_public": public,
        "name": place.name,
        "siret": siret,
        "lines": "12 rue des Acacias",
        "postal_code": "45000",
        "town": "ORLÉANS",
    }
    Billing.objects.create(order=order, **fields | changes)
