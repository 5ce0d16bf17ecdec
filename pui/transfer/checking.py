"""Check the raw lines of a declaration: what each says, what is refused, what must be decided.

Nothing is stored nor chosen here. The number of statements does not depend on the lines.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from stdnum import ean

from common.dates import DayError, DayInput
from common.identifiers import (
    IdentifierError,
    format_finess,
    normalize_finess,
    normalize_ucd,
)
from common.numbers import NumberError, NumberInput, parse_decimal
from common.refusal import RefusedValueError
from common.tabular import CellValue
from medications.models import Product
from pui.expiry import is_expired, parse_expiry
from pui.models import Pui
from pui.transfer.changes import gaps_of
from pui.transfer.columns import EXPIRY, FINESS, STOCK, UCD
from pui.transfer.followed import Followed
from pui.transfer.labels import key_of_label
from pui.transfer.likeness import Likeness
from pui.transfer.proposing import Codes, Proposer
from pui.transfer.shapes import Answer, Kind, Line, RawLine, Remark

DAILY = "CMJ"  # as it is written on the page
CIP_PREFIX = "34009"
SAID_EVERY = 1_000  # lines
Progress = Callable[[int], None]  # told how many lines are checked, from time to time


def silent(count: int) -> None:
    """Tell nobody: a declaration checked while one waits."""


def check(
    raw_lines: Sequence[RawLine],
    *,
    pui: Pui,
    followed: Followed,
    is_virtual: bool = False,
    progress: Progress = silent,
) -> list[Line]:
    """Return every line with its kind, its remarks, its proposals and what it was before."""
    reader = LineReader(pui, followed, is_virtual=is_virtual)
    lines = []
    for count, raw in enumerate(raw_lines, start=1):
        lines.append(reader.read(raw))
        if count % SAID_EVERY == 0:
            progress(count)
    for line in lines:
        compare(line, followed)
    unknown = [line for line in lines if line.kind is Kind.UNKNOWN]
    if unknown:
        Proposer(followed, reader.likeness, lines, reader.codes).propose(unknown)
    refuse_repeated(lines)
    return lines


def compare(line: Line, followed: Followed) -> None:
    """Put beside a line what was declared last; a large change waits for an answer."""
    if line.product_id is None or line.kind is Kind.REFUSED:
        return
    line.before = followed.before.get(line.product_id)
    line.kind = Kind.CHANGE if gaps_of(line) else Kind.FINE


def recompare(lines: Sequence[Line], followed: Followed) -> None:
    """Compare again with what was declared meanwhile; an answer stands while its reason does."""
    for line in lines:
        if line.product_id is None or line.kind is Kind.REFUSED:
            continue
        former = line.before
        compare(line, followed)
        if line.before != former and line.answer is Answer.EXACT:
            line.answer = None
        if line.kind is Kind.FINE and line.answer is Answer.EXACT:
            line.answer = None


def refuse_repeated(lines: Sequence[Line]) -> None:
    """The same code twice is wrong on both lines: nobody can say which of them is right."""
    places: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.code and line.kind is not Kind.OUTSIDE and not line.is_code_refused:
            places[line.code].append(line)
    for code, found in places.items():
        for line in found if len(found) > 1 else ():
            others = ", ".join(str(one.number) for one in found[:6] if one is not line)
            reason = f"déjà présent à la ligne {others}"
            line.remarks.append(Remark(UCD.header, code, reason, "une seule ligne par code"))
            line.kind = Kind.REFUSED


class LineReader:
    """Reads lines one by one; ``codes`` keeps what proposals will need of each unknown one."""

    def __init__(self, pui: Pui, followed: Followed, *, is_virtual: bool) -> None:
        self.followed = followed
        self.is_virtual = is_virtual
        self.codes: dict[int, Codes] = {}
        self.today = timezone.localdate()
        place = pui.establishment
        self.own = place.finess
        self.ours = {place.finess, place.legal_entity.finess}
        self.accepted = f"{format_finess(place.finess)}, {place.name}"
        self.by_label = {
            key_of_label(text): product
            for product in (followed.products if is_virtual else ())
            for text in virtual_names(product)
        }

    @cached_property
    def likeness(self) -> Likeness:
        """Only a code that is not followed asks for it."""
        return Likeness(self.followed)

    def read(self, raw: RawLine) -> Line:
        line = Line(raw.number, "", raw.label)
        if self.is_virtual:
            self.find_virtual(line)
        else:
            self.find_product(line, raw)
        line.stock = self.number(line, STOCK.header, raw.stock)
        line.daily = self.number(line, DAILY, raw.daily)
        line.expiry = self.expiry(line, raw.expiry)
        line.is_expired = is_expired(line.expiry, self.followed.due_on)
        for finess in raw.finess:
            self.check_place(line, finess)
        return line

    def find_virtual(self, line: Line) -> None:
        """maPUI names a molecule and a strength: it is found by these."""
        product = self.by_label.get(key_of_label(line.label))
        line.code = product.code if product else key_of_label(line.label)[:40]
        line.product_id = product.pk if product else None
        if not line.label.strip():
            refuse_value(line, "Médicament virtuel", "", "la case est vide", "molécule et dosage")
        elif product is None:
            line.kind = Kind.UNKNOWN
            self.codes[line.number] = Codes()

    def find_product(self, line: Line, raw: RawLine) -> None:
        """The first code of the line decides; the others can only be proposed."""
        code: CellValue = raw.codes[0] if raw.codes else ""
        if product := self.followed.by_code.get(own_code(code)):
            line.code, line.product_id = product.code, product.pk
            return
        if self.followed.monitored_list.is_devices:
            self.ask_device(line, own_code(code))
            return
        codes = Codes(others_of(raw), cip_of(raw.cip) or cip_of(code), digits_of(code))
        if codes.cip and (not code or cip_of(code)):
            self.ask(line, codes.cip, codes._replace(boxes=True))
            return
        try:
            line.code = normalize_ucd(code)
        except IdentifierError as refusal:
            line.code = refusal.value
            refuse(line, UCD.header, refusal)
            if any(self.likeness.by_digits(codes.digits, line.label)):
                self.ask(line, line.code, codes)
            return
        if product := self.followed.by_code.get(line.code):
            line.product_id = product.pk
        else:
            self.ask(line, line.code, codes._replace(digits=line.code))

    def ask_device(self, line: Line, code: str) -> None:
        """Devices have no UCD: a code that is not the list's is the house's own, never wrong."""
        if code:
            self.ask(line, code, Codes())
        else:
            accepted = "le code du dispositif sur la liste, par exemple DSV0001"
            refuse_value(line, UCD.header, "", "la case est vide", accepted)

    def ask(self, line: Line, code: str, codes: Codes) -> None:
        """Which product is it? Proposals come once all the lines are read."""
        line.code, line.kind = code, Kind.UNKNOWN
        self.codes[line.number] = codes

    def number(self, line: Line, column: str, value: NumberInput) -> Decimal | None:
        try:
            return parse_decimal(value)
        except NumberError as refusal:
            refuse(line, column, refusal)
            return None

    def expiry(self, line: Line, value: DayInput) -> date | None:
        """What cannot be read is told and left out: it never costs the line its stock."""
        if value is None:
            return None
        try:
            day = parse_expiry(value, self.today)
        except DayError as refusal:
            line.remarks.append(Remark.of(EXPIRY.header, refusal))
            return None
        if day is None or line.stock or line.kind is Kind.REFUSED:
            return day
        accepted = "une péremption avec une quantité en stock"
        line.remarks.append(
            Remark(EXPIRY.header, f"{day:%d/%m/%Y}", "il n’y a pas de stock", accepted)
        )
        return None

    def check_place(self, line: Line, value: CellValue) -> None:
        """A line that names another establishment is not of this pharmacy."""
        try:
            finess = normalize_finess(value)
        except IdentifierError as refusal:
            if refusal.proposal in self.ours:
                line.remarks.append(Remark.of(FINESS.header, refusal))
            else:
                refuse(line, FINESS.header, refusal)
            return
        if finess not in self.ours:
            reason = "c’est le numéro d’un autre établissement"
            refuse_value(line, FINESS.header, format_finess(finess), reason, self.accepted)


def virtual_names(product: Product) -> list[str]:
    """What maPUI may call it: always with its reference, which made it."""
    found = [product.label, product.code]
    if reference := product.reference:
        found += [reference.label, f"{reference.substance.name} {reference.strength}"]
    return found


def own_code(value: CellValue) -> str:
    """« dsv 0001 » is DSV0001."""
    return "".join(str(value).upper().replace("-", " ").split())


def cip_of(value: CellValue) -> str:
    """The thirteen digits of a box, or nothing."""
    digits = digits_of(value)
    is_cip = len(digits) == len("3400900000000") and digits.startswith(CIP_PREFIX)
    return digits if is_cip and ean.is_valid(digits) else ""


def digits_of(value: CellValue) -> str:
    """The code as digits alone; a number that the spreadsheet cut has none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(str(value).split())
    return text if text.isdecimal() and text.isascii() else ""


def others_of(raw: RawLine) -> tuple[str, ...]:
    """The other codes of the line that can be read."""
    found = []
    for code in raw.codes[1:]:
        try:
            found.append(normalize_ucd(code))
        except IdentifierError:
            continue
    return tuple(found)


def refuse(line: Line, column: str, refusal: RefusedValueError) -> None:
    line.remarks.append(Remark.of(column, refusal))
    line.kind = Kind.REFUSED


def refuse_value(line: Line, column: str, value: str, reason: str, accepted: str) -> None:
    line.remarks.append(Remark(column, value, reason, accepted))
    line.kind = Kind.REFUSED
