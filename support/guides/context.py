"""« Aide sur cette page »: which part of which guide a page leads to, for somebody's roles.

An address's name, or what several begin with, gives parts of guides: the first of one's own roles
is chosen, else the first of all. The longest beginning counts.
"""

from functools import cache

from django.urls import reverse

from support.guides.catalogue import GUIDES
from support.guides.places import PLACES

HELP = "support:hub"


def help_for(name: str, codes: frozenset[str]) -> str:
    """The address of the help on a page; the start of help when the page is of no guide."""
    targets = targets_of(name)
    if not targets:
        return reverse(HELP)
    own = (one for one in targets if GUIDES[one.partition("#")[0]].codes & codes)
    slug, _, anchor = next(own, targets[0]).partition("#")
    return f"{GUIDES[slug].url}#{anchor}"


@cache
def targets_of(name: str) -> tuple[str, ...]:
    """The parts that the longest beginning of an address's name gives."""
    begun = [begin for begin in PLACES if name.startswith(begin)]
    return PLACES[max(begun, key=len)] if begun else ()
