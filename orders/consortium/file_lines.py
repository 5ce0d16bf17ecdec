"""One line of a file of products, its errors told as they are met."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from common.numbers import NumberError, parse_decimal, parse_integer
from common.tabular import CellValue, ErrorReport, Row
from epi_stocks.models import EpiItem
from establishments.models.search import plain_words
from orders.consortium.reach import Shelf
from orders.consortium.tariffs import Tariff
from orders.models import Product
from orders.services.products import Described, tariff_refusal

EXPECTED: Final = {"price": "un prix en euros, par exemple 6,40", "tax_rate": "5,5"}
WORDS: Final = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Read:
    """A line that can be written; ``tariff`` and ``stock`` only for what is sold."""

    described: Described
    tariff: Tariff | None = None
    stock: int | None = None


class LineReader:
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
        found = text_of(self.row.values.get(name))
        if needed and not found:
            self.refuse(name, "vide", "un texte")
        elif len(found) > longest:
            self.refuse(name, "trop long", f"{longest} caractères au plus")
        elif name == "code" and not is_slug(found):
            self.refuse(name, "d’autres signes que des lettres, chiffres et tirets", "masque-50")
        return found

    def item(self) -> EpiItem | None:
        found = self.items.get(plain(text_of(self.row.values.get("item"))))
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
            self.refuse("price", "vide", EXPECTED["price"])
            return None
        tariff = Tariff(price, Decimal(20) if tax is None else tax)
        for name, text in tariff_refusal(tariff).items():
            self.refuse(name, text.rstrip("."), EXPECTED[name])
        return tariff

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
        text = text_of(self.row.values.get("is_open")).lower()
        if text and text not in WORDS:
            self.refuse("is_open", "ni oui ni non", "oui ou non")
        return WORDS.get(text, blank)


def text_of(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else " ".join(str(value).split())


def plain(text: str) -> str:
    return " ".join(plain_words(text))


def is_slug(text: str) -> bool:
    return text.isascii() and all(mark.isalnum() or mark in "-_" for mark in text)
