"""Read one field of a FINESS line: numbers whose key holds, possible dates, clean texts."""

from datetime import date
from functools import lru_cache

from common.identifiers import FinessCheck, IdentifierError, check_finess
from common.tabular.cells import clean_text
from establishments.finess.records import RefusedLineError

POSSIBLE_YEARS = range(1000, 2101)  # FINESS holds years 0201 or 0787: typing mistakes


@lru_cache(maxsize=4096)
def read_number(value: str, what: str) -> FinessCheck:
    """Return the number. A key that does not hold is refused, in Corsica only remarked [001]."""
    try:
        checked = check_finess(value)
    except IdentifierError as refusal:
        raise RefusedLineError(f"{what} « {refusal.value} » : {refusal.reason}") from None
    if not checked.key_ok and not checked.is_corsican:
        raise RefusedLineError(
            f"{what} « {checked.value} » : sa clé ne correspond pas, un caractère est faux",
            checked.value,
        )
    return checked


def read_date(value: str | None, what: str, notes: list[str]) -> date | None:
    """Return the date, or nothing and a remark when it is unreadable or impossible."""
    if not value:
        return None
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        notes.append(f"{what} « {value[:20]} » illisible, ignorée")
        return None
    if day.year not in POSSIBLE_YEARS:
        notes.append(f"{what} {value[:10]} impossible, ignorée")
        return None
    return day


def read_text(value: object, longest: int, what: str, notes: list[str]) -> str:
    """Return a clean text; one that is too long is cut, with a remark."""
    text = clean_text(str(value)).strip() if value else ""
    if len(text) > longest:
        notes.append(f"{what} de plus de {longest} caractères, coupé")
        return text[:longest]
    return text


def read_name(short: object, long: object, finess: str, notes: list[str]) -> str:
    """Return the name, or the long one where it is blank; a place without a name is refused."""
    name = read_text(short or long, 200, "raison sociale", notes)
    if not name:
        raise RefusedLineError("raison sociale absente", finess)
    return name


def read_digits(value: object, length: int, what: str, notes: list[str]) -> str:
    """Return a number of exactly ``length`` digits, or an empty text and a remark."""
    text = clean_text(str(value)).replace(" ", "").strip() if value else ""
    if text and not (len(text) == length and text.isdecimal()):
        notes.append(f"{what} « {text[:20]} » : {length} chiffres attendus, ignoré")
        return ""
    return text


def split_delivery_line(line: str) -> tuple[str, str]:
    """Split « 75013 PARIS » into its postal code and its town."""
    code, _, town = line.strip().partition(" ")
    return (code, town.strip()) if len(code) == 5 and code.isdigit() else ("", line.strip())


def join(*parts: object) -> str:
    """Join the parts of an address that are filled."""
    return " ".join(text for part in parts if part and (text := str(part).strip()))
