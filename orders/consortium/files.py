"""The catalogue as a file: written as it is, read back with a preview, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import IO, Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import NumberError, parse_decimal, parse_integer
from common.tabular import CellValue, ColumnSpec, ErrorReport, Limits, Row, TabularError, read_table
from epi_stocks.models import EpiItem
from establishments.models.search import plain_words
from orders.consortium.reach import Shelf
from orders.consortium.tariffs import Tariff, tariffs_on
from orders.models import Product, Stock
from orders.services.products import Described, add_product, change_product, set_price
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
WORDS: Final = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Read:
    """A line that can be written; ``tariff`` and ``stock`` only for what is sold."""

    described: Described
    tariff: Tariff | None = None
    stock: int | None = None


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
    draft.errors.add_repeated(cells, CODE, lambda row: _text(row.values.get("code")) or None)
    items = {_plain(str(one)): one for one in EpiItem.objects.exclude(starts_on=None)}
    known = {one.code: one for one in shelf.products}
    others = set(
        Product.objects.exclude(pk__in=[one.pk for one in known.values()]).values_list(
            "code", flat=True
        )
    )
    tariffs, stocks = tariffs_on(timezone.localdate(), known.values()), levels_of(shelf)
    for row in cells:
        reader = _Reader(row, headers, draft.errors, items, shelf, known)
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


class _Reader:
    """One line, its errors told as they are met; what a file leaves blank stays as it is."""

    def __init__(
        self,
        row: Row,
        headers: dict[str, str],
        errors: ErrorReport,
        items: dict[str, EpiItem],
        shelf: Shelf,
        known: dict[str, Product],
    ) -> None:
        self.row, self.headers, self.errors = row, headers, errors
        self.items, self.shelf, self.known = items, shelf, known
        self.is_wrong = False

    def read(self) -> Read | None:
        code = self.text("code", needed=True)
        now = self.known.get(code)
        before = Described.of(now) if now else None
        item = self.item()
        described = Described(
            code=code,
            label=self.text("label", needed=True),
            item=item or EpiItem(),
            kind=self.text("kind"),
            size=self.text("size"),
            units_per_pack=self.integer("units_per_pack", None, at_least=1) or 1,
            pack_label=self.text("pack_label") or (before.pack_label if before else "carton"),
            delay_days=self.integer("delay_days", before.delay_days if before else 5),
            is_open=self.yes(before.is_open if before else True),
        )
        if before:
            described = replace(
                described,
                pictogram=before.pictogram,
                rank=before.rank,
                units_per_pallet=before.units_per_pallet,
            )
        tariff = self.tariff() if self.shelf.is_paid else None
        stock = self.integer("stock", -1) if self.shelf.is_paid else -1
        if self.is_wrong:
            return None
        return Read(described, tariff, None if stock == -1 else stock)

    def refuse(self, name: str, reason: str, expected: str) -> None:
        self.is_wrong = True
        value = self.row.values.get(name)
        self.errors.add(self.row.line_number, self.headers[name], value, reason, expected)

    def text(self, name: str, *, needed: bool = False) -> str:
        longest = Product._meta.get_field(name).max_length or 0
        found = _text(self.row.values.get(name))
        if needed and not found:
            self.refuse(name, "vide", "un texte")
        elif len(found) > longest:
            self.refuse(name, "trop long", f"{longest} caractères au plus")
        elif name == "code" and not _is_slug(found):
            self.refuse(name, "d’autres signes que des lettres, chiffres et tirets", "masque-50")
        return found

    def item(self) -> EpiItem | None:
        found = self.items.get(_plain(_text(self.row.values.get("item"))))
        if found is None:
            names = ", ".join(str(one) for one in self.items.values())
            self.refuse("item", "équipement inconnu", names)
        return found

    def integer(self, name: str, blank: int | None, *, at_least: int = 0) -> int:
        try:
            found = parse_integer(self.row.values.get(name))
        except NumberError as refusal:
            self.is_wrong = True
            self.errors.add_refusal(self.row.line_number, self.headers[name], refusal)
            return 0
        if found is None and blank is not None:
            return blank
        if found is None or found < at_least:
            self.refuse(name, "vide ou nul", f"un nombre entier, {at_least} au moins")
            return 0
        return found

    def tariff(self) -> Tariff | None:
        price, tax = self.amount("price"), self.amount("tax_rate")
        if price is None:
            self.refuse("price", "vide", "un prix en euros, par exemple 6,40")
            return None
        return Tariff(price, Decimal(20) if tax is None else tax)

    def amount(self, name: str) -> Decimal | None:
        try:
            return parse_decimal(
                self.row.values.get(name), maximum=99 if name == "tax_rate" else 9_999_999
            )
        except NumberError as refusal:
            self.is_wrong = True
            self.errors.add_refusal(self.row.line_number, self.headers[name], refusal)
            return Decimal(0)

    def yes(self, blank: bool) -> bool:
        text = _text(self.row.values.get("is_open")).lower()
        if text and text not in WORDS:
            self.refuse("is_open", "ni oui ni non", "oui ou non")
        return WORDS.get(text, blank)


def _text(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else " ".join(str(value).split())


def _plain(text: str) -> str:
    return " ".join(plain_words(text))


def _is_slug(text: str) -> bool:
    return text.isascii() and all(mark.isalnum() or mark in "-_" for mark in text)


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
