"""Which places have an APE, and what is under way where there is none [001].

A place is an open establishment; or an open entity without any, as a group (GCS) whose pharmacy
stands at another's may be. An APE of the entity is the APE of each of its sites.
"""

from accounts.administrators.coverage import ENTITY, SITE, Situation, holders
from accounts.administrators.lines import every_line, lines_of
from accounts.administrators.places import (
    LONELY_FIRST,
    Places,
    idle_places,
    places_within,
    sites_within,
)

__all__ = [
    "ENTITY",
    "LONELY_FIRST",
    "SITE",
    "Places",
    "Situation",
    "every_line",
    "holders",
    "idle_places",
    "lines_of",
    "places_within",
    "sites_within",
]
