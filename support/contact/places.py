"""The place that a visitor names: known when its FINESS number is in what they wrote."""

import re

from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment, LegalEntity

NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9AB](?:[ .\u00a0-]?[0-9]){7}(?![0-9])", re.IGNORECASE)


def finess_in(text: str) -> str:
    """The first FINESS number written in a text; empty when there is none."""
    for found in NUMBER.findall(text):
        try:
            return normalize_finess(found)
        except IdentifierError:
            continue
    return ""


def place_numbered(finess: str) -> Establishment | LegalEntity | None:
    """An establishment, or a legal entity; none for a number of nobody."""
    if not finess:
        return None
    sites = Establishment.objects.filter(finess=finess).select_related("region")
    entities = LegalEntity.objects.filter(finess=finess).select_related("region")
    place: Establishment | LegalEntity | None = sites.first() or entities.first()
    return place
