"""What a grid carries when it comes back: for which establishment, week and profile it was shown.

Signed, so that saving a cell needs no query to find the establishment; rights are checked again by
the saving statement itself, whatever the form says.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature, Signer

_signer = Signer(salt="epi_stocks.inventory")


@dataclass(frozen=True, slots=True)
class Ticket:
    finess: str
    establishment_id: int
    week: date

    def sealed(self) -> str:
        return _signer.sign(f"{self.finess}/{self.establishment_id}/{self.week}")


def open_ticket(sealed: object, *, finess: str, week: date) -> int:
    """Return the establishment's id of a ticket issued for this very page."""
    try:
        parts = _signer.unsign(str(sealed)).split("/")
    except (BadSignature, UnicodeError) as error:  # JSON may hold half a character
        raise SuspiciousOperation("formulaire altéré") from error
    if parts[0] != finess or parts[2] != str(week):
        raise SuspiciousOperation("formulaire d’une autre page")
    return int(parts[1])


def profile_number(sent: object) -> int | None:
    """Read the profile a form was shown under; whose it is, the saving statement checks."""
    text = str(sent or "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise SuspiciousOperation("profil illisible")
    return int(text)
