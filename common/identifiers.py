"""Official numbers: FINESS, UCD, SIREN, SIRET. They are text: their zeros count.

Each ``normalize_…`` strips every kind of space and returns the stored form, or raises
``IdentifierError``; a number cell of a spreadsheet is taken as its digits.
"""

import re
from dataclasses import dataclass

from stdnum import ean, luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from common.refusal import RefusedValueError

FINESS_SHAPE = re.compile(r"[0-9][0-9A-Z][0-9]{7}")
UCD7_SHAPE = re.compile(r"[0-9]{7}")
UCD13_PREFIX = "34008"
UCD_PADDING = "000000"

_SCIENTIFIC = re.compile(r"[0-9]+[.,]?[0-9]*E[+-]?[0-9]+", re.IGNORECASE)
_DOUBLED = str.maketrans("0123456789", "0246813579")
_CORSICA = {"2A": "21", "2B": "22"}
_EXPECTED_FINESS = "9 caractères, par exemple 01 000 002 4, colonne au format Texte"
_EXPECTED_UCD = "7 ou 13 chiffres, colonne au format Texte"


class IdentifierError(RefusedValueError):
    """This is no such number. ``proposal`` is a likely one, for the person to confirm."""

    def __init__(
        self, value: object, what: str, reason: str, expected: str, proposal: str | None = None
    ) -> None:
        self.proposal = proposal
        super().__init__(value, what, reason, expected)


@dataclass(frozen=True, slots=True)
class FinessCheck:
    """A well-formed number; a key that does not hold is a warning, never a refusal."""

    value: str
    key_ok: bool
    is_corsican: bool


def normalize_finess(value: object) -> str:
    """Return the nine characters. A lost leading zero is refused, with the likely number."""
    text = _compact(value)
    if FINESS_SHAPE.fullmatch(text):
        return text
    if proposal := propose_finess(text):
        reason = f"le zéro du début a disparu, sans doute {format_finess(proposal)}"
        raise IdentifierError(value, "un numéro FINESS", reason, _EXPECTED_FINESS, proposal)
    raise IdentifierError(value, "un numéro FINESS", _why(text, (9,)), _EXPECTED_FINESS)


def check_finess(value: object) -> FinessCheck:
    """Normalize and compare the key; in Corsica 2A counts as 21 and 2B as 22 [001]."""
    finess = normalize_finess(value)
    return FinessCheck(finess, _key_holds(finess), finess[:2] in _CORSICA)


def format_finess(finess: str) -> str:
    """Write « 01 000 002 4 », with no-break spaces."""
    return "\u00a0".join((finess[:2], finess[2:5], finess[5:8], finess[8:]))


def propose_finess(value: object) -> str | None:
    """Give 010000024 for 10000024 when its key holds, else nothing. Never use it unasked."""
    finess = f"0{_compact(value)}"
    is_likely = re.fullmatch(r"0[0-9]{8}", finess) and _key_holds(finess)
    return finess if is_likely else None


def make_finess(prefix: str) -> str:
    """Complete eight characters with their key: fictitious numbers that hold."""
    if not re.fullmatch(r"[0-9][0-9AB][0-9]{6}", prefix):
        raise ValueError(f"{prefix!r} is not the beginning of a FINESS number")
    return f"{prefix}{luhn.calc_check_digit(_as_digits(prefix))}"


def normalize_ucd(value: object) -> str:
    """Return the UCD7 of a UCD7, of a UCD13 (34008, UCD7, EAN key) or of a padded UCD7 [001]."""
    text = _compact(value)
    if UCD7_SHAPE.fullmatch(text):
        return text
    if re.fullmatch(r"[0-9]{13}", text):
        return _ucd7_of_thirteen(value, text)
    raise IdentifierError(value, "un code UCD", _why(text, (7, 13)), _EXPECTED_UCD)


def ucd13_of(ucd7: str) -> str:
    """Write the thirteen digits that files of the national schemes carry."""
    return f"{UCD13_PREFIX}{ucd7}{ean.calc_check_digit(UCD13_PREFIX + ucd7)}"


def ucd_key_holds(ucd7: str) -> bool:
    """Tell whether the seventh digit is the key of the first six: a warning, never a refusal."""
    weighted = sum(int(digit) * weight for weight, digit in enumerate(ucd7[:6], start=2))
    return weighted % 11 == int(ucd7[6])


def normalize_siren(value: object) -> str:
    """Return the nine digits, their key checked."""
    text = _compact(value)
    try:
        return siren.validate(text)
    except ValidationError:
        reason = _why(text, (9,))
        raise IdentifierError(value, "un numéro SIREN", reason, "9 chiffres") from None


def normalize_siret(value: object) -> str:
    """Return the fourteen digits, their key checked; La Poste's sites have a rule of their own."""
    text = _compact(value)
    try:
        return siret.validate(text)
    except ValidationError:
        reason = _why(text, (14,))
        raise IdentifierError(value, "un numéro SIRET", reason, "14 chiffres") from None


def _compact(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else re.sub(r"[\s\u200b\ufeff]", "", str(value)).upper()


def _ucd7_of_thirteen(value: object, text: str) -> str:
    if text.startswith(UCD_PADDING):
        return text[6:]
    if not text.startswith(UCD13_PREFIX):
        reason = f"ses 13 chiffres ne commencent pas par {UCD13_PREFIX}"
        raise IdentifierError(value, "un code UCD", reason, _EXPECTED_UCD)
    if not ean.is_valid(text):
        reason = "sa clé ne correspond pas, un chiffre est faux"
        raise IdentifierError(value, "un code UCD", reason, _EXPECTED_UCD)
    return text[5:12]


def _as_digits(text: str) -> str:
    return _CORSICA.get(text[:2], text[:2]) + text[2:]


def _key_holds(finess: str) -> bool:
    """Luhn in four string operations: an import of the directory checks 150,000 numbers."""
    digits = _as_digits(finess)
    if not digits.isdecimal():
        return False
    doubled = digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, digits[::-2])) + sum(map(int, doubled))) % 10 == 0


def _why(text: str, lengths: tuple[int, ...]) -> str:
    """Say what is wrong, for a person who has the file open in a spreadsheet."""
    if not text:
        return "la case est vide"
    if _SCIENTIFIC.fullmatch(text):
        return "le tableur a transformé ce code, il a perdu ses derniers chiffres"
    if len(text) not in lengths:
        return f"il a {len(text)} caractère{'s' if len(text) > 1 else ''}"
    if not re.fullmatch(r"[0-9]+", text):
        return "il contient autre chose que des chiffres"
    return "sa clé ne correspond pas, un chiffre est faux"
