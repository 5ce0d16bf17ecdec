"""Pushed allocations as a file: who, which product, how many units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from django.http import FileResponse

from common.exports import template_response
from common.numbers import NumberError, format_integer, parse_integer
from common.tabular import ColumnSpec, ErrorReport
from orders.logistics.finding import FINESS, FINESS_COLUMN, Asked, beneficiaries_of, read_lines
from orders.models import Order, Product, Source, Stock
from orders.services.pushed import Allotted, addresses_of, pushed_already, quotas_of
from orders.services.routing import Routes

PRODUCT, UNITS = "Produit", "Unités"
COLUMNS: Final = (
    FINESS_COLUMN,
    ColumnSpec("product", PRODUCT, ("Référence", "Référence produit", "Code produit")),
    ColumnSpec("units", UNITS, ("Quantité", "Nombre d’unités")),
)
NOTES: Final = (
    "Une ligne par établissement et par produit. FINESS\u00a0: celui avec lequel il commande.",
    "Produit\u00a0: la référence du catalogue. Unités\u00a0: des colis entiers.",
    "Tout est envoyé, ou rien\u00a0: le stock de chaque entrepôt doit suffire, et le contingent de "
    "la semaine de chaque établissement, quand il en a un.",
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
    known: list[Order] = field(default_factory=list)  # the same file gave them already
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
        return bool(self.allotted) and not (self.errors.errors or short or self.known)


def read_file(file: IO[bytes], filename: str) -> tuple[list[Asked], str]:
    return read_lines(file, filename, COLUMNS)


def check(asked: Sequence[Asked], digest: str) -> Drafted:
    """What the file asks; ``digest`` tells one that was pushed already, whose quotas are used."""
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
    drafted.known = pushed_already(digest, [one.beneficiary.pk for one in drafted.allotted])
    if not drafted.known:
        _refuse_beyond_quota(drafted, asked, lines)
        _refuse_without_address(drafted, asked, lines)
    return drafted


def _refuse_beyond_quota(
    drafted: Drafted, asked: Sequence[Asked], lines: dict[tuple[int, int], int]
) -> None:
    """All the lines of an item that its quota of the week does not hold, where there is one."""
    quotas = quotas_of(one.beneficiary.pk for one in drafted.allotted)
    sums: dict[tuple[int, int], int] = {}
    for one in drafted.allotted:
        key = (one.beneficiary.pk, one.product.item_id)
        sums[key] = sums.get(key, 0) + one.units
    written = {one.number: one.units for one in asked}
    for one in drafted.allotted:
        key = (one.beneficiary.pk, one.product.item_id)
        quota = quotas.get(key)
        if quota is None or sums[key] <= quota.remaining:
            continue
        line = lines[one.beneficiary.pk, one.product.pk]
        left = format_integer(quota.remaining)
        reason = f"dépasse le contingent de la semaine\u00a0: il en reste {left}"
        accepted = f"{left} au plus, ou accordez d’abord un contingent exceptionnel"
        drafted.errors.add(line, UNITS, written[line], reason, accepted)


def _refuse_without_address(
    drafted: Drafted, asked: Sequence[Asked], lines: dict[tuple[int, int], int]
) -> None:
    """Neither an address that is validated nor one in FINESS: nobody could deliver."""
    places = {one.beneficiary.pk: one.beneficiary for one in drafted.allotted}
    known = addresses_of(places)
    finess = {one.number: one.finess for one in asked}
    for (place, _), line in lines.items():
        if place in known or (places[place].place.town and places[place].place.postal_code):
            continue
        reason = "n’a aucune adresse de livraison connue"
        drafted.errors.add(line, FINESS, finess[line], reason, "un établissement qui a une adresse")


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
        operator = routes.of(one.beneficiary, one.beneficiary.region_id).operator
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
