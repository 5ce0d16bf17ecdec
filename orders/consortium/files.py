"""The catalogue as a file: written as it is, read back with a preview, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.tabular import CellValue, ColumnSpec, ErrorReport, Limits, Row, TabularError, read_table
from epi_stocks.models import EpiItem
from orders.consortium.file_lines import LineReader, Read, plain, text_of
from orders.consortium.reach import Shelf
from orders.consortium.tariffs import Tariff, tariffs_on
from orders.models import Product, Stock
from orders.services.products import (
    Described,
    add_product,
    change_product,
    set_price,
)
from orders.services.stock_levels import count_stock, levels_of

CODE, ITEM, PACK, PRICE, TAX = "Référence", "Équipement", "Unités par colis", "Prix HT", "TVA"
STOCK, OPEN = "Stock compté", "Au catalogue"
COMMON: Final = (
    ColumnSpec("code", CODE, ("Code", "Référence produit")),
    ColumnSpec("label", "Libellé", ("Produit", "Désignation")),
    ColumnSpec("item", ITEM, ("EPI", "Catégorie")),
    ColumnSpec("kind", "Type", required=False),
    ColumnSpec("size", "Taille", required=False),
    ColumnSpec("units_per_pack", PACK, ("Conditionnement", "Unités")),
    ColumnSpec("pack_label", "Nom du colis", ("Colis",), required=False),
    ColumnSpec("delay_days", "Délai (jours)", ("Délai",), required=False),
    ColumnSpec("is_open", OPEN, ("Ouvert",), required=False),
)
SOLD: Final = (
    ColumnSpec("price", PRICE, ("Prix", "Prix HT (€)")),
    ColumnSpec("tax_rate", TAX, ("TVA (%)", "Taux de TVA"), required=False),
    ColumnSpec("stock", STOCK, ("Stock",), required=False),
)
LIMITS: Final = Limits(max_rows=2_000)


@dataclass(slots=True)
class Draft:
    """What a file would change; ``known`` are the products of now, by reference."""

    new: list[Read] = field(default_factory=list)
    changed: list[tuple[Product, Read, list[str]]] = field(default_factory=list)
    same: int = 0
    errors: ErrorReport = field(default_factory=ErrorReport)

    @property
    def is_any(self) -> bool:
        return bool(self.new or self.changed)

    @property
    def mark(self) -> str:
        """What was before one's eyes, to know whether it is still so."""
        new = [repr(one) for one in self.new]
        return "|".join(
            [*new, *(f"{one.pk}:{read!r}:{words}" for one, read, words in self.changed)]
        )


def columns_of(shelf: Shelf) -> tuple[ColumnSpec, ...]:
    return (*COMMON, *SOLD) if shelf.is_paid else COMMON


def read_rows(file: IO[bytes], filename: str, shelf: Shelf) -> list[dict[str, CellValue]]:
    """The cells of a file, with their line; ``TabularError`` says why it cannot be read."""
    table = read_table(file, columns=columns_of(shelf), filename=filename, limits=LIMITS)
    if not table.rows:
        raise TabularError("Ce fichier n’a aucune ligne sous ses titres de colonnes.")
    return [{"line": row.line_number, **row.values} for row in table.rows]


def check(rows: Iterable[dict[str, CellValue]], shelf: Shelf) -> Draft:
    """What these lines would change, each wrong cell with its reason."""
    draft, cells = Draft(), [Row(int(str(one["line"])), dict(one)) for one in rows]
    headers = {spec.name: spec.header for spec in columns_of(shelf)}
    draft.errors.add_repeated(cells, CODE, lambda row: text_of(row.values.get("code")) or None)
    items = {plain(str(one)): one for one in EpiItem.objects.exclude(starts_on=None)}
    known = {one.code: one for one in shelf.products}
    others = set(
        Product.objects.exclude(pk__in=[one.pk for one in known.values()]).values_list(
            "code", flat=True
        )
    )
    tariffs, stocks = tariffs_on(timezone.localdate(), known.values()), levels_of(shelf)
    for row in cells:
        reader = LineReader(row, headers, draft.errors, items, shelf, known)
        read = reader.read()
        if read is None or row.line_number in draft.errors.lines:
            continue
        product = known.get(read.described.code)
        if product is None:
            if read.described.code in others:
                draft.errors.add(
                    row.line_number,
                    CODE,
                    read.described.code,
                    "déjà celle d’un produit d’un autre catalogue",
                    "une référence à vous",
                )
                continue
            draft.new.append(read)
        elif words := _differences(product, read, tariffs.get(product.pk), stocks.get(product.pk)):
            draft.changed.append((product, read, words))
        else:
            draft.same += 1
    return draft


def _differences(
    product: Product, read: Read, tariff: Tariff | None, stock: Stock | None
) -> list[str]:
    """What would change of a product, in words."""
    before, after = Described.of(product).told(), read.described.told()
    labels = {spec.name: spec.header for spec in COMMON}
    words = [
        f"{labels[name]}\u00a0: {_word(before[name])} → {_word(after[name])}"
        for name in labels
        if before[name] != after[name]
    ]
    if read.tariff is not None and tariff is not None and read.tariff != tariff:
        words.append(f"Prix\u00a0: {tariff.price} € → {read.tariff.price} €")
        words.append(f"TVA\u00a0: {tariff.tax_rate} → {read.tariff.tax_rate}")
    held = stock.available + stock.reserved if stock else 0
    if read.stock is not None and read.stock != held:
        words.append(f"Stock\u00a0: {held} → {read.stock}")
    return words


def _word(value: Any) -> str:
    return ("oui" if value else "non") if isinstance(value, bool) else str(value)


@transaction.atomic
def write(draft: Draft, *, by: User) -> int:
    """Write all of it, or nothing; how many products."""
    for one in draft.new:
        product = add_product(by=by, described=one.described, tariff=one.tariff)
        if one.stock is not None:
            count_stock(by=by, product=product, counted=one.stock)
    for product, read, _ in draft.changed:
        _change(product, read, by)
    return len(draft.new) + len(draft.changed)


def _change(product: Product, read: Read, by: User) -> None:
    seen, today = Described.of(product).mark, timezone.localdate()
    change_product(by=by, product=product, described=read.described, seen=seen)
    if read.tariff is not None and tariffs_on(today, [product])[product.pk] != read.tariff:
        set_price(by=by, product=product, tariff=read.tariff, starts_on=today)
    if read.stock is not None:
        count_stock(by=by, product=product, counted=read.stock)


def rows_of(shelf: Shelf) -> Iterable[list[Any]]:
    """The lines of the export: read back, they change nothing."""
    products = list(shelf.products)
    tariffs, stocks = tariffs_on(timezone.localdate(), products), levels_of(shelf)
    for one in products:
        row = [one.code, one.label, str(one.item), one.kind, one.size, one.units_per_pack]
        row += [one.pack_label, one.delay_days, one.is_open]
        if shelf.is_paid:
            stock = stocks.get(one.pk)
            held = stock.available + stock.reserved if stock else None
            row += [tariffs[one.pk].price, tariffs[one.pk].tax_rate, held]
        yield row
