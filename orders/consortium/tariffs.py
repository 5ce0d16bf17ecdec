"""What products cost on a day: the last price set by then, else that of their first listing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from orders.models import Product, ProductPrice

CENT = Decimal("0.01")
TAX_RATES = (Decimal("20"), Decimal("10"), Decimal("5.5"), Decimal("2.1"))  # mainland France


@dataclass(frozen=True, slots=True)
class Tariff:
    """Euros without tax for a pack, and the tax in percent."""

    price: Decimal
    tax_rate: Decimal

    @property
    def gross(self) -> Decimal:
        """For a pack, tax included: to show; an invoice adds its tax once a rate."""
        return rounded(self.price * (100 + self.tax_rate) / 100)


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def tariffs_on(day: date, products: Iterable[Product]) -> dict[int, Tariff]:
    """By number of product, in one statement; the State's products, free, are not there."""
    paid = {one.pk: one for one in products if one.price is not None}
    rows = ProductPrice.objects.filter(product__in=paid, starts_on__lte=day)
    last = rows.order_by("product_id", "-starts_on").distinct("product_id")
    found = {pk: Tariff(one.price or Decimal(0), one.tax_rate) for pk, one in paid.items()}
    return found | {one.product_id: Tariff(one.price, one.tax_rate) for one in last}


@dataclass(frozen=True, slots=True)
class TaxBand:
    """What is due of one rate: its base and its tax, rounded once for the whole base."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What lines add up to, in euros."""

    net: Decimal
    tax: Decimal
    bands: tuple[TaxBand, ...]

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


def totals_of(amounts: Iterable[tuple[Decimal, Decimal]]) -> Totals:
    """From (net of a line, its rate): the tax is that of the total of each rate (EN 16931)."""
    bases: dict[Decimal, Decimal] = {}
    for net, rate in amounts:
        bases[rate] = bases.get(rate, Decimal(0)) + net
    bands = tuple(
        TaxBand(rate, rounded(base), rounded(base * rate / 100))
        for rate, base in sorted(bases.items(), reverse=True)
    )
    net = sum((one.base for one in bands), Decimal(0))
    tax = sum((one.tax for one in bands), Decimal(0))
    return Totals(rounded(net), rounded(tax), bands)


def totals_of_basket(lines: Mapping[int, int], tariffs: Mapping[int, Tariff]) -> Totals:
    """``lines``: packs by number of product."""
    return totals_of(
        (tariffs[pk].price * packs, tariffs[pk].tax_rate) for pk, packs in lines.items()
    )
