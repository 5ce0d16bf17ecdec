"""Which establishment somebody means: by its number, by its name or its town."""

import re
from dataclasses import dataclass

from accounts.doctor import Person, Place
from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment, LegalEntity

SITES, ENTITIES = 6, 3
LONGEST = 120
# the number at the end of what the field shows: « Hôpital de la Rive, 45 099 012 2 »
NUMBER = re.compile(r"[0-9][0-9A-Za-z](?:[\s \u202f]?[0-9]){7}\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """What was typed, and the place it names; or those it could name."""

    text: str = ""
    place: Place | None = None
    choices: tuple[Place, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        return bool(self.text) and self.place is None

    @property
    def shown(self) -> str:
        """What the field shows: the place once it is known, else what was typed."""
        if self.place is None:
            return self.text
        return f"{self.place}, {self.place.finess_text}"


def find_place(typed: str) -> Found:
    text = typed.strip()[:LONGEST]
    if not text:
        return Found()
    if finess := number_in(text):
        return Found(text, place_numbered(finess))
    sites = Establishment.objects.open().select_related("legal_entity").first_found(text, SITES)
    choices = (*sites, *LegalEntity.objects.open().first_found(text, ENTITIES))
    if len(choices) == 1:
        return Found(text, place_numbered(choices[0].finess))
    return Found(text, choices=choices)


def number_in(text: str) -> str:
    match = NUMBER.search(text)
    try:
        return normalize_finess(match.group() if match else text)
    except IdentifierError:
        return ""


def place_numbered(finess: str) -> Place | None:
    """The establishment, or the entity, with what the rules about it will ask."""
    sites = Establishment.objects.select_related(
        "legal_entity__legal_status", "legal_entity__region", "category", "region"
    )
    entities = LegalEntity.objects.select_related("legal_status", "region")
    return sites.filter(finess=finess).first() or entities.filter(finess=finess).first()


def places_known(person: Person, found: Found) -> list[Place]:
    """All the places that the page tells about."""
    held = [one.establishment or one.legal_entity for one in person.living]
    return [place for place in (found.place, *held) if place]
