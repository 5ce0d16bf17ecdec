"""What the GS1 code of a box says: product (GTIN), lot, expiry, serial number, count.

The element strings of the GS1 General Specifications, as a hand scanner types them or a camera
reads them: with or without the mark of the symbol (« ]d2 »), with the group separator or what
scanners put in its place, or as it is printed under the code, « (01)…(17)… ».
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from common.refusal import shown

SEPARATOR: Final = "\x1d"
LONGEST_CODE: Final = 400  # a DataMatrix of a box holds a hundred
GTIN, LOT, EXPIRY, SERIAL, COUNT, CONTENTS = "01", "10", "17", "21", "30", "37"
DIGITS, TEXT = r"[0-9]", r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"  # the 82 characters of GS1

# what each identifier holds; a length of its own needs no separator
FIXED: Final = {"00": 18, "01": 14, "02": 14, "20": 2, "7003": 10} | dict.fromkeys(
    ("11", "12", "13", "15", "16", "17"), 6
)
COUNTED: Final = {"30": 8, "37": 8}  # digits, at most
FREE: Final = (
    {"10": 20, "21": 20, "22": 20, "235": 28}
    | {"240": 30, "241": 30, "242": 6, "250": 30, "251": 30, "400": 30}
    | dict.fromkeys(("710", "711", "712", "713", "714", "715", "716"), 20)  # national numbers
    | {str(company): 90 for company in range(90, 100)}
)
_MARK = re.compile(r"\](?P<kind>[A-Za-z][0-9])")
_GS1_MARKS: Final = ("d2", "C1", "e0", "Q3", "J1")
_PRINTED = re.compile(r"\(([0-9]{2,4})\)([^(]*)")
# sent in place of the separator by scanners set so: none is of the 82 characters
_IN_PLACE = re.compile(r"\{GS\}|<GS>|\\x1[dD]|[\u241d|~^#@]")
_HIDDEN_EXPIRY = re.compile(r"17[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")


class Gs1Error(ValueError):
    """The code says nothing sure. ``str()`` is the sentence shown to the person, in French."""


@dataclass(frozen=True, slots=True)
class Elements:
    """What was read; empty or None: the code does not say."""

    gtin: str = ""
    lot: str = ""
    expires_on: date | None = None
    serial: str = ""
    count: int | None = None
    values: dict[str, str] = field(default_factory=dict)  # by identifier, as written


def parse(text: str, *, today: date) -> Elements:
    """Read a code; ``today`` tells the century of its two-digit years. Raise ``Gs1Error``."""
    cleaned = _cleaned(text)
    values = _printed(cleaned) if cleaned.startswith("(") else _scanned(cleaned)
    if GTIN in values:
        check_gtin(values[GTIN])
    _check_separators(values)
    counted = values.get(COUNT) or values.get(CONTENTS)
    return Elements(
        gtin=values.get(GTIN, ""),
        lot=values.get(LOT, ""),
        expires_on=day_of(values[EXPIRY], today=today) if EXPIRY in values else None,
        serial=values.get(SERIAL, ""),
        count=int(counted) if counted else None,
        values=values,
    )


def _cleaned(text: str) -> str:
    """The elements alone: no mark of the symbol, one sign for the separator."""
    if len(text) > LONGEST_CODE:
        raise Gs1Error("Ce code est trop long pour celui d’une boîte.")
    kept = text.strip(" \t\r\n")
    if mark := _MARK.match(kept):
        if mark["kind"] not in _GS1_MARKS:
            raise Gs1Error(
                "Ce code n’est pas un code GS1\u00a0: lisez le carré (DataMatrix) de la boîte."
            )
        kept = kept[mark.end() :]
    kept = _IN_PLACE.sub(SEPARATOR, kept).strip(SEPARATOR)
    if not kept:
        raise Gs1Error("Aucun code n’a été lu.")
    return kept


def _printed(text: str) -> dict[str, str]:
    """« (01)0340…(17)261200(10)AB12 »: a lot in brackets cannot be read so."""
    values: dict[str, str] = {}
    if "".join(f"({one[1]}){one[2]}" for one in _PRINTED.finditer(text)) != text:
        raise _unreadable(text)
    for identifier, value in _PRINTED.findall(text):
        _keep(values, identifier, value.strip(" " + SEPARATOR))
    return values


def _scanned(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    rest = text
    while rest:
        identifier = _identifier(rest)
        body = rest[len(identifier) :]
        if length := FIXED.get(identifier):
            value, rest = body[:length], body[length:].removeprefix(SEPARATOR)
        else:
            value, _, rest = body.partition(SEPARATOR)
        _keep(values, identifier, value)
    return values


def _identifier(text: str) -> str:
    for length in (2, 3, 4):
        found = text[:length]
        if found in FIXED or found in COUNTED or found in FREE:
            return found
    raise _unreadable(text)


def _keep(values: dict[str, str], identifier: str, value: str) -> None:
    """Check the shape of an element; written twice, it says the same."""
    if not re.fullmatch(_shape(identifier), value):
        raise _unreadable(f"{identifier}{value}")
    if values.setdefault(identifier, value) != value:
        raise Gs1Error(f"Ce code dit deux fois «\u00a0({identifier})\u00a0», différemment.")


def _shape(identifier: str) -> str:
    if length := FIXED.get(identifier):
        return f"{DIGITS}{{{length}}}"
    if most := COUNTED.get(identifier):
        return f"{DIGITS}{{1,{most}}}"
    return f"{TEXT}{{1,{FREE.get(identifier, 0)}}}"


def _check_separators(values: dict[str, str]) -> None:
    """An expiry inside a lot or a serial number: the scanner lost the separator before it."""
    if EXPIRY in values:
        return
    for identifier in (LOT, SERIAL):
        if _HIDDEN_EXPIRY.search(values.get(identifier, "")):
            raise Gs1Error(
                "Le lecteur n’a pas envoyé le séparateur entre le lot et la péremption\u00a0: "
                "tapez-les, et réglez le lecteur pour qu’il envoie le caractère GS."
            )


def check_gtin(gtin: str) -> None:
    """Raise ``Gs1Error`` when its last digit does not prove the others."""
    if check_digit(gtin[:-1]) != gtin[-1]:
        raise Gs1Error(
            f"Le numéro de produit {gtin} est mal lu\u00a0: sa clé n’est pas la bonne. Lisez-le "
            "encore, ou tapez le lot et la péremption."
        )


def check_digit(digits: str) -> str:
    """From the right, the digits weigh 3 then 1; the sum is brought up to the next ten."""
    total = sum(int(one) * (1 if rank % 2 else 3) for rank, one in enumerate(reversed(digits)))
    return str(-total % 10)


def day_of(text: str, *, today: date) -> date:
    """YYMMDD; day 00 is the last of the month; the century is the nearest, 50 years on at most."""
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += today.year // 100 * 100
    if year - today.year >= 51:
        year -= 100
    elif year - today.year <= -50:
        year += 100
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        raise Gs1Error(f"La date «\u00a0{text}\u00a0» de ce code n’existe pas.") from None


def _unreadable(text: str) -> Gs1Error:
    """Most often a scanner set for another keyboard than the computer's: « à& » is « 01 »."""
    return Gs1Error(
        f"«\u00a0{shown(text)}\u00a0» n’est pas un code GS1 lisible. Lisez le carré "
        "(DataMatrix) de la boîte\u00a0; si les chiffres deviennent des lettres, réglez le "
        "lecteur sur le clavier français."
    )
