"""Pushed allocations as a file: who, which product, how many units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from django.http import FileResponse

from common.exports import template_response
from common.numbers import NumberError, format_integer, parse_integer
from common.tabular import ColumnSpec, ErrorReport
from orders.logistics.finding import FINESS, FINESS_COLUMN, Asked, beneficiaries_of, read_lines
from orders.models import Product, Source, Stock
from orders.services.pushed import Allotted, Routes

PRODUCT, UNITS = "Produit", "Unités"
COLUMNS: Final = (
    FINESS_COLUMN,
    ColumnSpec("product", PRODUCT, ("Référence", "Référence produit", "Code produit")),
    ColumnSpec("units", UNITS, ("Quantité", "Nombre d’unités")),
)
NOTES: Final = (
    "Une ligne par établissement et par produit. FINESS\u00a0: celui avec lequel il commande.",
    "Produit\u00a0: la référence du catalogue. Unités\u00a0: des colis entiers.",
    "Tout est envoyé, ou rien\u00a0: le stock de chaque entrepôt doit suffire.",
)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a warehouse would give of a product, and what it has."""

    operator: str
    product: str
    units: int
    available: int

    @property
    def is_short(self) -> bool:
        return self.units > self.available


@dataclass(slots=True)
class Drafted:
    """The allocations that the file asks, and the stock they take."""

    allotted: list[Allotted] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    errors: ErrorReport = field(default_factory=ErrorReport)

    @property
    def places(self) -> int:
        return len({one.beneficiary.pk for one in self.allotted})

    @property
    def units(self) -> int:
        return sum(one.units for one in self.allotted)

    @property
    def is_ready(self) -> bool:
        short = any(one.is_short for one in self.sums)
        return bool(self.allotted) and not self.errors.errors and not short


def read_file(file: IO[bytes], filename: str) -> tuple[list[Asked], str]:
    return read_lines(file, filename, COLUMNS)


def check(asked: Sequence[Asked]) -> Drafted:
    drafted = Drafted()
    places = beneficiaries_of(asked, drafted.errors)
    products = {
        one.code.casefold(): one
        for one in Product.objects.filter(source=Source.STATE, is_open=True)
    }
    lines: dict[tuple[int, int], int] = {}
    for one in asked:
        product = products.get(one.name.casefold())
        if product is None:
            reason = "n’est pas une référence du catalogue de l’État"
            drafted.errors.add(one.number, PRODUCT, one.name, reason, "une référence du catalogue")
            continue
        units = _units(one, product, drafted.errors)
        place = places.get(one.number)
        if units is None or place is None:
            continue
        first = lines.setdefault((place.pk, product.pk), one.number)
        if first != one.number:
            reason = f"déjà donné à la ligne {first}"
            drafted.errors.add(one.number, PRODUCT, one.name, reason, "une ligne par produit")
            continue
        drafted.allotted.append(Allotted(place, product, units))
    drafted.sums = _sums(drafted.allotted)
    return drafted


def _units(one: Asked, product: Product, errors: ErrorReport) -> int | None:
    try:
        units = parse_integer(one.units)
    except NumberError as refusal:
        errors.add_refusal(one.number, UNITS, refusal)
        return None
    if not units or units % product.units_per_pack:
        pack = format_integer(product.units_per_pack)
        reason = f"ne fait pas des colis entiers de {pack} unités"
        errors.add(one.number, UNITS, one.units, reason, f"un multiple de {pack}")
        return None
    return units


def _sums(allotted: Sequence[Allotted]) -> list[Sum]:
    routes = Routes()
    units: dict[tuple[int, int], int] = {}
    names: dict[tuple[int, int], tuple[str, str]] = {}
    for one in allotted:
        operator = routes.of(one.beneficiary).operator
        key = (operator.pk, one.product.pk)
        units[key] = units.get(key, 0) + one.units
        names[key] = (str(operator), str(one.product))
    stocks = Stock.objects.filter(product__in={product for _, product in units})
    held = {(one.holder_id, one.product_id): one.available for one in stocks}
    return [Sum(*names[key], count, held.get(key, 0)) for key, count in units.items()]


def template() -> FileResponse:
    headers = (FINESS, PRODUCT, UNITS)
    return template_response(
        headers, [], NOTES, filename="modele-dotations", title="Dotations", text_columns=headers[:2]
    )
