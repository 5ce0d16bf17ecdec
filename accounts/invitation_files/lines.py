"""What one line of a file says by itself: an address, a number, the habilitations ticked."""

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.invitation_files.columns import DATED, EMAIL, FINESS, ROLES
from accounts.offers import Place
from accounts.services.invitations.inviting import address_of
from accounts.services.invitations.refusals import InvitationError
from accounts.services.invitations.rights import Right
from common.identifiers import IdentifierError, normalize_finess
from common.tabular import ErrorReport, Row
from common.tabular.header import key_of

DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
YES, NO = ("oui", "x", "1", "vrai", "true"), ("non", "0", "faux", "false")


@dataclass(slots=True)
class Line:
    """One person to invite, as typed; ``entity`` is found later, with all the others at once."""

    number: int
    finess: str
    email: str
    rights: list[Right]
    names: dict[str, str] = field(default_factory=dict)
    entity: Place | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.finess, self.email


def line_of(row: Row, errors: ErrorReport) -> Line | None:
    """Read a line, or say each thing wrong in it."""
    before = len(errors)
    email, finess = _email(row, errors), _finess(row, errors)
    rights = [right for name in ROLES if (right := _right(row, name, errors))]
    if not rights and len(errors) == before:
        expected = "« oui » sous une habilitation au moins"
        errors.add(row.line_number, "Habilitations", None, "aucune n’est cochée", expected)
    if len(errors) > before:
        return None
    names = {name: _text(row, name, 150) for name in ("first_name", "last_name")}
    names["note"] = _text(row, "note", 1000)
    return Line(row.line_number, finess, email, rights, names)


def is_blank(row: Row) -> bool:
    """Without an address there is nobody: a line of the template left for later."""
    return row[EMAIL.name] is None


def _email(row: Row, errors: ErrorReport) -> str:
    try:
        return address_of(str(row[EMAIL.name]))
    except InvitationError:
        reason, expected = "ce n’est pas une adresse électronique", "nom@domaine.fr"
        errors.add(row.line_number, EMAIL.header, row[EMAIL.name], reason, expected)
        return ""


def _finess(row: Row, errors: ErrorReport) -> str:
    try:
        return normalize_finess(row[FINESS.name])
    except IdentifierError as refusal:
        errors.add_refusal(row.line_number, FINESS.header, refusal)
        return ""


def _right(row: Row, name: str, errors: ErrorReport) -> Right | None:
    domain, role, column = ROLES[name]
    value = row.values.get(name)
    if value is None or key_of(value) in NO:
        return None
    if name == DATED:
        day = _day(str(value))
        if day is None:
            expected = "le dernier jour de la délégation, jj/mm/aaaa"
            errors.add(row.line_number, column.header, value, "ce n’est pas une date", expected)
        return Right(domain, role, None, day)
    if key_of(value) not in YES:
        reason = "la réponse n’est pas comprise"
        errors.add(row.line_number, column.header, value, reason, "« oui », ou rien")
    return Right(domain, role)


def _day(text: str) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text.strip()[:10], pattern).date()  # noqa: DTZ007 - a date
        except ValueError:
            continue
    return None


def _text(row: Row, name: str, length: int) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value).strip()[:length]
