"""The one number parser: what a person typed, pasted or sent in a file, or why it is no number.

French habits first: ``1 234,5`` and ``1.234,5`` are read; what two readers could read in two ways
(``1,234``) is refused. Empty is ``None``, which is never 0.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from common.refusal import RefusedValueError

MAXIMUM = 999_999_999  # fits PostgreSQL's int4 and numeric(12, 2); a country's stock of gloves too
LONGEST_TEXT = 40
LONGEST_ROW_NUMBER = 18  # digits: fits PostgreSQL's int8

NumberInput = str | int | float | Decimal | None

SPACES = " \u00a0\u202f\u2007\u2009"
INVISIBLE = "\t\r\n\ufeff\u200b\u200e\u200f"

_DECIMAL_SHAPE = re.compile(
    rf"""(?P<whole> [0-9]+
                  | [1-9][0-9]{{0,2}}(?:[{SPACES}][0-9]{{3}})+
                  | [1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+ )
         (?: , (?P<comma>[0-9]+) )?
       | (?P<plain>[0-9]+) \. (?P<dot>[0-9]+)""",
    re.VERBOSE,
)
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]*)?[eE][+-]?[0-9]+")
_NEGATIVE = re.compile(rf"[-\u2212\u2013][{SPACES}]*(?=[0-9])")
_EXPECTED_INTEGER = "un nombre entier positif ou nul, par exemple 1200 ou 1 200"
_EXPECTED_DECIMAL = "un nombre positif ou nul, par exemple 1200 ou 0,33"


class NumberError(RefusedValueError):
    """The value is not a number we can read without guessing."""


def parse_integer(value: NumberInput, *, maximum: int = MAXIMUM) -> int | None:
    """Read a whole number from 0 to ``maximum``; blank is ``None``. Raise ``NumberError``."""
    what = "un nombre entier"
    number = _parse(value, what, _EXPECTED_INTEGER, maximum)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise NumberError(value, what, "il a des décimales", _EXPECTED_INTEGER)
    return int(number)


def parse_decimal(
    value: NumberInput, *, places: int = 2, maximum: int | Decimal = MAXIMUM
) -> Decimal | None:
    """Read a number from 0 to ``maximum``, rounded to ``places``; blank is ``None``.

    A quantity that would round to 0 is refused: 0 says « aucun », which nobody typed.
    """
    number = _parse(value, "un nombre", _EXPECTED_DECIMAL, maximum)
    if number is None:
        return None
    step = Decimal(1).scaleb(-places)
    rounded = number.quantize(step, rounding=ROUND_HALF_UP)
    if number and not rounded:
        reason = f"il est trop petit, moins de {format_decimal(step, places=places)}"
        raise NumberError(value, "une quantité lisible", reason, _EXPECTED_DECIMAL)
    return rounded


def row_number(text: str) -> int:
    """The number of a row as an address or a form carries it; 0, that of no row, for another text.

    ``str.isdigit`` alone lets « ² » through, which ``int`` refuses.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_ROW_NUMBER
    return int(text) if is_number else 0


def format_integer(number: int) -> str:
    """Write 1234567 as « 1 234 567 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", "\u202f").replace("-", "\u2212")


def format_decimal(number: Decimal | float, *, places: int | None = None) -> str:
    """Write 1234.5 as « 1 234,5 »: two decimals at most, or exactly ``places``."""
    text = f"{number:,.{2 if places is None else places}f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    text = text.translate({ord(","): "\u202f", ord("."): ",", ord("-"): "\u2212"})
    return "0" if text == "\u22120" else text


def percent(part: int, whole: int) -> int | None:
    """The share of a count to the nearest percent; ``None`` of nothing.

    100 says « all of them » and 0 « none »: neither is written while one is missing, or there.
    """
    if not whole:
        return None
    nearest = (200 * part + whole) // (2 * whole)
    return min(max(nearest, 1), 99) if 0 < part < whole else nearest


def format_percent(part: int, whole: int, *, without: str = "sans objet") -> str:
    """« 54 % » for 7 of 13; ``without`` when there is no whole."""
    share = percent(part, whole)
    return without if share is None else f"{share}\u00a0%"


def _parse(value: NumberInput, what: str, expected: str, maximum: int | Decimal) -> Decimal | None:
    if value is None:
        return None
    number: Decimal | str
    if isinstance(value, str):
        text = value.strip(SPACES + INVISIBLE)
        if not text:
            return None
        number = _from_text(text)
    else:
        number = _from_number(value)
    if isinstance(number, str):
        raise NumberError(value, what, number, expected)
    if number < 0:
        raise NumberError(value, "une quantité", "elle est négative", expected)
    if number > maximum:
        reason = f"elle dépasse {format_decimal(maximum)}"
        raise NumberError(value, "une quantité possible", reason, expected)
    return number


def _from_number(value: float | Decimal) -> Decimal | str:
    """Take a spreadsheet's cell: fifteen digits, as the spreadsheet itself shows it."""
    if isinstance(value, bool):
        return "c’est « vrai » ou « faux »"
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else "ce n’est pas une quantité"


def _from_text(text: str) -> Decimal | str:
    """Return the number, or the reason why there is none."""
    if len(text) > LONGEST_TEXT:
        return "le texte est trop long"
    if _AMBIGUOUS.fullmatch(text):
        return "c’est ambigu, le signe peut séparer les milliers ou les décimales"
    if negative := _NEGATIVE.match(text):
        rest = _from_text(text[negative.end() :])
        return -rest if isinstance(rest, Decimal) else "il est négatif"
    if not (match := _DECIMAL_SHAPE.fullmatch(text)):
        return _reason(text)
    whole, decimals = match["whole"] or match["plain"], match["comma"] or match["dot"]
    digits = re.sub(r"[^0-9]", "", whole)
    return Decimal(f"{digits}.{decimals or 0}")


def _reason(text: str) -> str:
    """Say what stopped the reading, the most telling cause first."""
    if _SCIENTIFIC.fullmatch(text):
        return "c’est une notation scientifique"
    if text.startswith("#"):
        return "c’est une erreur de calcul du tableur"
    if text.startswith("="):
        return "c’est une formule sans résultat enregistré"
    strangers = "".join(dict.fromkeys(re.findall(rf"[^0-9.,{SPACES}]", text)))
    if not strangers:
        return "les espaces, points ou virgules sont mal placés"
    if any(mark.isdigit() for mark in strangers):
        return "ses chiffres viennent d’un autre alphabet"
    if strangers.isalpha():
        return f"la lettre {strangers}" if len(strangers) == 1 else "il contient des lettres"
    return f"le caractère « {strangers[0]} »" if len(strangers) == 1 else "il contient autre chose"
