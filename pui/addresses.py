"""Where suppliers deliver: the address of the site in FINESS, or another one that says why."""

from typing import Final

from establishments.models import Establishment
from establishments.models.search import plain_words

ADDRESS_FIELDS: Final = ("address", "postal_code", "town")
ROUTING = {"cedex", "bp", "cs", "tsa"}  # « ORLEANS CEDEX 2 » is in Orléans


def address_of(site: Establishment) -> dict[str, str]:
    """What FINESS knows of the site's address."""
    return {name: getattr(site, name) for name in ADDRESS_FIELDS}


def has_address(site: Establishment) -> bool:
    """A fictitious number (SIS), or a poor extraction, has no street to compare with."""
    return bool(site.address.strip())


def is_address_of(site: Establishment, *, address: str, postal_code: str, town: str) -> bool:
    """Whether it is the site's own, whatever the accents, the marks and the routing of the mail."""
    if not has_address(site):
        return True
    typed = {"address": address, "postal_code": postal_code, "town": town}
    known = address_of(site)
    return all(
        not known[name].strip() or _compared(typed[name]) == _compared(known[name])
        for name in ADDRESS_FIELDS
    )


def _compared(text: str) -> list[str]:
    words = plain_words(text)
    routed = next((place for place, word in enumerate(words) if word in ROUTING), len(words))
    return words[:routed]
