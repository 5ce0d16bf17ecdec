"""What the consortium sells: its agreement, its products and prices, two orders it has invoiced."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from config.demo.people import ADDRESS, body
from establishments.models import AdministrativeBody
from orders.consortium.payers import payer_of
from orders.consortium.tariffs import Tariff
from orders.models import (
    Beneficiary,
    Billing,
    Invoice,
    Order,
    OrderLine,
    Product,
    ProductPrice,
    Seller,
    Shipment,
    ShipmentLine,
    Source,
    Stock,
    SupplyAgreement,
)
from orders.rules import tensions_on
from orders.services.agreements import Identity, set_seller
from orders.services.finess_addresses import finess_address
from orders.services.holders import holders_of
from orders.services.invoices import issue
from orders.services.products import set_price
from orders.services.sending import number_of, snapshot

CONSORTIUM = AdministrativeBody.Kind.CONSORTIUM
SIRET = "73282932000074"  # valid by its key, of a company that does not sell this
BUYER_SIRET = "99999999800019"  # where the fictitious directory tells none
TAX = Decimal(20)
# item, reference, label, type, size
# then units in a pack, its name, price, tax, days, units in stock
PRODUCTS = (
    ((1, "cons-masque-iir", "Masques chirurgicaux", "type IIR", ""),
     (50, "boîte", "6.40", "5.5", 8, 400_000)),
    ((2, "cons-ffp2", "Masques FFP2", "", ""), (20, "boîte", "15.80", "5.5", 8, 60_000)),
    ((4, "cons-gants-m", "Gants médicaux", "nitrile", "M"), (100, "boîte", "9.9", "20", 9, 90_000)),
    ((6, "cons-tablier", "Tabliers", "plastique", ""), (500, "carton", "38", "20", 8, 250_000)),
    ((7, "cons-charlotte", "Protections de chevelure", "charlotte", ""),
     (100, "sachet", "3.35", "20", 5, 90_000)),
    ((8, "cons-lunettes", "Lunettes de protection", "réutilisables", ""),
     (10, "carton", "27.50", "20", 12, 0)),
)  # fmt: skip
LINES = (("cons-tablier", 4), ("cons-charlotte", 20), ("cons-lunettes", 2))
SENT = timedelta(days=16)


def build_consortium() -> None:
    """Add what is missing, each part on those before it."""
    today = timezone.localdate()
    consortium = body(CONSORTIUM)
    if not SupplyAgreement.objects.filter(body=consortium).exists():
        SupplyAgreement.objects.create(
            body=consortium,
            starts_on=date(today.year, today.month, 1) - timedelta(days=31),
            ends_on=today + timedelta(days=150),
        )
    supplier = User.objects.get(email=f"consortium{ADDRESS}")
    if not Seller.objects.filter(body=consortium).exists():
        set_seller(by=supplier, identity=identity())
    for rank, (described, sold) in enumerate(PRODUCTS):
        add(consortium, rank, *described, *sold)
    tablier = Product.objects.get(code="cons-tablier")
    if not ProductPrice.objects.filter(product=tablier).exists():
        coming = today + timedelta(days=20)
        set_price(
            by=supplier, product=tablier, tariff=Tariff(Decimal("36.50"), TAX), starts_on=coming
        )
    if not Invoice.objects.exists():
        invoice_two(supplier, consortium)


def identity() -> Identity:
    return Identity(
        name="Consortium fictif RESAH + UNIHA",
        legal_form="GIP de démonstration, sans capital",
        siret=SIRET,
        vat_number="FR44732829320",
        register="",
        lines="1 rue de la Démonstration",
        postal_code="75013",
        town="PARIS",
        iban="FR7630006000011234567890189",
        bic="AGRIFRPP",
        email="factures@consortium.example",
        payment_days=30,
        penalty_rate=Decimal(12),
    )


def add(
    consortium, rank, item, code, label, kind, size, pack, name, price, tax, delay, units
) -> None:
    product, _ = Product.objects.get_or_create(
        code=code,
        defaults={
            "item_id": item, "label": label, "kind": kind, "size": size, "rank": rank,
            "units_per_pack": pack, "pack_label": name, "delay_days": delay,
            "source": Source.CONSORTIUM, "supplier": consortium,
            "price": Decimal(price), "tax_rate": Decimal(tax),
        },
    )  # fmt: skip
    Stock.objects.get_or_create(
        product=product,
        holder=consortium,
        defaults={"available": units, "counted_at": timezone.now()},
    )


def invoice_two(supplier: User, consortium: AdministrativeBody) -> None:
    """One order of a public hospital, one of the EHPAD, delivered and invoiced; one to invoice."""
    for key, engagement, count in (("commande", "EJ-2020-0417", 1), ("ehpad", "", 2)):
        person = User.objects.get(email=f"{key}{ADDRESS}")
        buyers = [one.beneficiary for one in holders_of(person) if one.beneficiary]
        for rank in range(count if buyers else 0):
            order = delivered(
                person, buyers[0], consortium, engagement, SENT - rank * timedelta(days=9)
            )
            if not rank:
                issue(by=supplier, orders=[order])


def delivered(
    person: User,
    buyer: Beneficiary,
    consortium: AdministrativeBody,
    engagement: str,
    ago: timedelta,
) -> Order:
    """As it stands once it went through: the warehouse of a supplier has no simulator."""
    at = timezone.now() - ago
    address = finess_address(buyer)
    order = Order.objects.create(
        beneficiary=buyer,
        kind=Order.Kind.PAID,
        token=uuid4(),
        region_id=buyer.region_id,
        created_by=person,
        operator=consortium,
        address=address,
        delivery=snapshot(address) if address else {},
        contact_name=person.get_full_name(),
        contact_phone="02 38 00 00 00",
    )
    order.number, order.state = number_of(order.pk, at), Order.State.DELIVERED
    order.submitted_at, order.exported_at = at, at + timedelta(hours=5)
    order.expected_on = timezone.localdate(at) + timedelta(days=8)
    order.save()
    ship(order, at)
    payer = payer_of(buyer)
    Billing.objects.create(
        order=order,
        is_public=bool(engagement),
        name=payer.name,
        siret=payer.siret or BUYER_SIRET,
        lines=payer.lines or "Adresse de démonstration",
        postal_code=payer.postal_code or "45000",
        town=payer.town or "ORLÉANS",
        engagement=engagement,
        service_code="PHARMACIE" if engagement else "",
    )
    return order


def ship(order: Order, at) -> None:
    shipment = Shipment.objects.create(
        order=order,
        number=f"EXP-{order.pk}",
        carrier="Messagerie fictive",
        shipped_at=at + timedelta(days=3),
        delivered_at=at + timedelta(days=6),
    )
    tense = tensions_on(timezone.localdate(at), order.region_id)
    for code, packs in LINES:
        product = Product.objects.get(code=code)
        if product.item_id in tense:
            continue
        units = packs * product.units_per_pack
        line = OrderLine.objects.create(
            order=order,
            product=product,
            quantity=units,
            confirmed=units,
            shipped=units,
            price=product.price,
            tax_rate=product.tax_rate,
        )
        ShipmentLine.objects.create(shipment=shipment, line=line, quantity=units)
