"""The stock of a row at the last due days; a day that lacks a line breaks it, it does not dip."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from medications.models import Product
from pui.stock.reading import Pair, Reading

Trend = Sequence[tuple[date, float | None]]


class Unit(NamedTuple):
    """What one pharmacy counts together: a product alone, or those of its reference product.

    ``virtual`` is what maPUI told of the whole: the UCDs themselves stand before it, never both.
    """

    pui: int
    products: tuple[int, ...]
    virtual: tuple[int, ...] = ()


def trend_of(reading: Reading, known: Iterable[tuple[int, Product]], *, is_one: bool) -> Trend:
    """Of the products that these pharmacies hold now, each alone or with those that replace it."""
    expected: dict[Unit, set[int]] = {}
    for pui, product in known:
        unit = Unit(pui, (product.pk,)) if is_one else unit_of(reading, pui, product)
        expected.setdefault(unit, set()).add(product.pk)
    if not expected or not reading.past:
        return []
    return [(day, whole(reading.past[day], expected)) for day in reading.days]


def unit_of(reading: Reading, pui: int, product: Product) -> Unit:
    if product.reference_id is None:
        return Unit(pui, (product.pk,))
    return Unit(pui, *reading.siblings[product.reference_id])


def whole(stocks: Mapping[Pair, float], expected: Mapping[Unit, set[int]]) -> float | None:
    """None when one of the units lacks."""
    amounts = [amount(stocks, unit, products) for unit, products in expected.items()]
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


def amount(stocks: Mapping[Pair, float], unit: Unit, expected: set[int]) -> float | None:
    """None when a product that is declared now was not that day."""
    declared = {one for one in unit.products if (unit.pui, one) in stocks}
    if declared:
        is_whole = expected - set(unit.virtual) <= declared
        return sum(stocks[unit.pui, one] for one in declared) if is_whole else None
    virtual = [stocks[unit.pui, one] for one in unit.virtual if (unit.pui, one) in stocks]
    return sum(virtual) if virtual else None
