"""What the consortium offers a beneficiary today: price, stock, and why some cannot be ordered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.numbers import format_integer
from orders.consortium.tariffs import Tariff, Totals, tariffs_on, totals_of_basket
from orders.invoices.content import euros, percent
from orders.models import Order, Product, Source, Stock, SupplyAgreement, Tension
from orders.rules import tensions_on


@dataclass(frozen=True, slots=True)
class Offer:
    """A product with its price of the day; ``packs``: those of the basket."""

    product: Product
    tariff: Tariff
    stock: Stock | None
    tension: Tension | None
    packs: int = 0

    @property
    def units(self) -> int:
        return self.packs * self.product.units_per_pack

    @property
    def most(self) -> int:
        """Whole packs that the supplier can still serve."""
        free = self.stock.available if self.stock else 0
        return free // self.product.units_per_pack

    @property
    def net(self) -> Decimal:
        return self.packs * self.tariff.price

    @property
    def closed(self) -> str:
        """Why it cannot be ordered now; empty when it can."""
        if not self.product.is_open:
            return "Ce produit n’est plus vendu."
        if self.tension is not None:
            return "En tension\u00a0: uniquement sur stock de l’État, gratuit."
        if not self.most:
            return "Rupture chez le fournisseur."
        return ""

    @property
    def refusal(self) -> str:
        """Why what the basket asks of it cannot be sent; empty when it can."""
        if self.closed:
            return self.closed
        if self.packs > self.most:
            left, name = format_integer(self.most), self.product.pack_label
            return f"Il n’en reste que {left} ({name})\u00a0: changez la quantité."
        return ""


def offers_of(
    agreement: SupplyAgreement | None,
    day: date,
    region_id: str | None,
    basket: Mapping[int, int] | None = None,
) -> list[Offer]:
    """Those that are open, and those of the basket (packs by product) whatever became of them."""
    if agreement is None:
        return []
    packs = basket or {}
    rows = Product.objects.filter(source=Source.CONSORTIUM, supplier=agreement.body_id)
    products = [one for one in rows.select_related("item") if one.is_open or one.pk in packs]
    tariffs, tensions = tariffs_on(day, products), tensions_on(day, region_id)
    held = Stock.objects.filter(holder=agreement.body_id, product__in=products)
    stocks = {one.product_id: one for one in held}
    return [
        Offer(
            product=one,
            tariff=tariffs[one.pk],
            stock=stocks.get(one.pk),
            tension=tensions.get(one.item_id),
            packs=packs.get(one.pk, 0),
        )
        for one in products
    ]


def packs_of(order: Order | None) -> dict[int, int]:
    """Packs by number of product of an order or a basket."""
    if order is None:
        return {}
    rows = order.lines.select_related("product")
    return {one.product_id: one.quantity // one.product.units_per_pack for one in rows}


def mark_of(offers: Iterable[Offer]) -> str:
    """What its author read of a basket: each product, its packs, its price, its tax."""
    return ",".join(
        f"{one.product.pk}:{one.packs}:{one.tariff.price}:{one.tariff.tax_rate}" for one in offers
    )


def changed_in_words(offers: Iterable[Offer], shown: str) -> str:
    """What is no more as it was read, product by product; empty when all is."""
    read = {text.split(":")[0]: text for text in shown.split(",")}
    return " ".join(
        f"{one.product}\u00a0: {format_integer(one.packs)} colis à "
        f"{euros(one.tariff.price)} HT, TVA {percent(one.tariff.tax_rate)}."
        for one in offers
        if read.get(str(one.product.pk)) != mark_of([one])
    )


def totals_of_offers(offers: list[Offer]) -> Totals:
    """Of what the basket holds."""
    asked = {one.product.pk: one.packs for one in offers if one.packs}
    return totals_of_basket(asked, {one.product.pk: one.tariff for one in offers})
