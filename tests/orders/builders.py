"""Orders in one call each; a test names only what matters to it."""

from datetime import date
from itertools import count

from django.utils import timezone

from common.weeks import current_week
from epi_stocks.models import EpiItem
from epi_stocks.services.reference import load_items
from establishments.models import AdministrativeBody, BeneficiaryCategory, Establishment
from orders.models import (
    Allocation,
    Beneficiary,
    DeliveryAddress,
    Doctrine,
    Order,
    OrderLine,
    Parcel,
    Product,
    Quota,
    RegionalPool,
    ServedRegion,
    Shipment,
    ShipmentLine,
    Source,
    Stock,
    Tension,
)
from tests.builders import make_body, make_category, make_establishment, make_user

MASKS, GLOVES = 1, 4
LONG_AGO = date(2020, 3, 1)
Kind = AdministrativeBody.Kind
_numbers = count(1)


def make_item(pk=MASKS):
    if not EpiItem.objects.filter(pk=pk).exists():
        load_items()
    return EpiItem.objects.get(pk=pk)


def serve(region):
    """The State stock serves this region since long."""
    served, _ = ServedRegion.objects.get_or_create(region=region, starts_on=LONG_AGO)
    return served


def make_beneficiary(place=None, **fields):
    """A private establishment of a beneficiary category by default; ``place`` may be an EJ."""
    place = place or make_establishment(category=make_category("500", "EHPAD"), siret="9" * 14)
    is_site = isinstance(place, Establishment)
    category = place.category if is_site else make_category()
    BeneficiaryCategory.objects.get_or_create(category=category, starts_on=LONG_AGO)
    if place.region:
        serve(place.region)
    defaults = {
        "region": place.region,
        "department": place.department,
        "category": category,
    }
    key = {"establishment" if is_site else "legal_entity": place}
    found, _ = Beneficiary.objects.get_or_create(**key, defaults=defaults | fields)
    return found


def make_product(item=None, **fields):
    """A product of the State stock, in packs of 50; ``source=Source.CONSORTIUM`` sells one."""
    number = next(_numbers)
    defaults = {"code": f"produit-{number}", "label": f"Produit {number}", "units_per_pack": 50}
    if fields.get("source") == Source.CONSORTIUM:
        defaults |= {"price": "6.40", "supplier": make_body(Kind.CONSORTIUM)}
    return Product.objects.create(item=item or make_item(), **defaults | fields)


def make_stock(product=None, available=100_000, holder=None, **fields):
    return Stock.objects.create(
        product=product or make_product(),
        holder=holder or make_body(Kind.LA_POSTE),
        available=available,
        **fields,
    )


def make_tension(item=None, region=None, **fields):
    defaults = {"starts_on": timezone.localdate(), "declared_by": fields.pop("by", None)}
    defaults["declared_by"] = defaults["declared_by"] or make_user()
    return Tension.objects.create(item=item or make_item(), region=region, **defaults | fields)


def make_doctrine(**fields):
    return Doctrine.objects.create(**{"label": "Doctrine", "starts_on": LONG_AGO} | fields)


def make_allocation(item=None, **fields):
    """Published since this week, without shares."""
    defaults = {
        "state": Allocation.State.PUBLISHED,
        "starts_on": current_week(),
        "pool": 1_000_000,
        "pack": 50,
        "published_at": timezone.now(),
        "reserve": 10_000,
    }
    doctrine = fields.pop("doctrine", None) or make_doctrine()
    return Allocation.objects.create(
        item=item or make_item(), doctrine=doctrine, **defaults | fields
    )


def make_quota(beneficiary=None, item=None, granted=1_200, **fields):
    item = item or make_item()
    return Quota.objects.create(
        beneficiary=beneficiary or make_beneficiary(),
        item=item,
        allocation=fields.pop("allocation", None) or make_allocation(item),
        **{"week": current_week(), "granted": granted} | fields,
    )


def make_pool(region, item=None, granted=5_000, **fields):
    item = item or make_item()
    return RegionalPool.objects.create(
        region=region,
        item=item,
        allocation=fields.pop("allocation", None) or make_allocation(item),
        **{"week": current_week(), "granted": granted} | fields,
    )


def make_address(beneficiary=None, **fields):
    """That of FINESS by default, which needs no validation; ``agency=`` for one of an ARS."""
    if "agency" not in fields:
        beneficiary = beneficiary or make_beneficiary()
    defaults = {
        "site": beneficiary and beneficiary.establishment,
        "label": beneficiary.place.name if beneficiary else "Entrepôt régional",
        "lines": "12 rue des Acacias",
        "postal_code": "45000",
        "town": "ORLÉANS",
        "state": DeliveryAddress.State.VALIDATED,
    }
    defaults |= fields
    if defaults["site"] is None:
        defaults.setdefault("proposed_by", make_user())
        if defaults["state"] in (DeliveryAddress.State.VALIDATED, DeliveryAddress.State.REFUSED):
            defaults.setdefault("decided_by", make_user())
    return DeliveryAddress.objects.create(beneficiary=beneficiary, **defaults)


def make_order(beneficiary=None, lines=(), **fields):
    """A row as it would be once sent, without its counters: ``lines`` are (product, units).

    A test of the counters sends its order through the services.
    """
    beneficiary = beneficiary or make_beneficiary()
    defaults = {
        "number": f"C-2020-{next(_numbers):06d}",
        "state": Order.State.SUBMITTED,
        "region": beneficiary.region,
        "operator": make_body(Kind.LA_POSTE),
        "week": current_week(),
        "submitted_at": timezone.now(),
        "created_by": fields.pop("by", None) or make_user(),
    }
    order = Order.objects.create(beneficiary=beneficiary, **defaults | fields)
    for product, quantity in lines:
        OrderLine.objects.create(order=order, product=product, quantity=quantity)
    return order


def make_shipment(order, lines=None, *, parcels=(), **fields):
    """What left: every line in full by default, else ``lines`` as (line of the order, units)."""
    number = next(_numbers)
    defaults = {
        "number": f"EXP-{number:05d}",
        "carrier": "Colissimo",
        "shipped_at": timezone.now(),
        "expected_on": timezone.localdate(),
    }
    shipment = Shipment.objects.create(order=order, **defaults | fields)
    for line, quantity in lines or [(one, one.quantity) for one in order.lines.all()]:
        ShipmentLine.objects.create(shipment=shipment, line=line, quantity=quantity)
        line.shipped += quantity
        line.save(update_fields=["shipped"])
    for parcel in parcels:
        Parcel.objects.create(shipment=shipment, number=parcel)
    is_whole = all(one.shipped >= one.quantity for one in order.lines.all())
    order.state = Order.State.SHIPPED if is_whole else Order.State.PARTLY_SHIPPED
    order.exported_at = order.exported_at or timezone.now()
    order.save()
    return shipment
