"""Who administers and who declares for each line: read for a whole list in one statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Self

from establishments.models import Establishment
from pui.models import OnboardingLine
from pui.people import APE, GF, Person, people_at


@dataclass(slots=True)
class People:
    """The administrators (APE) and the declarants (GF) who count for one line."""

    apes: list[Person] = field(default_factory=list)
    gfs: list[Person] = field(default_factory=list)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Self:
        people = list(people)
        return cls(
            [one for one in people if one.kind == APE], [one for one in people if one.kind == GF]
        )

    @property
    def has_declarant_in(self) -> bool:
        """Whether one of the declarants logged in, once at least."""
        return any(one.has_logged_in for one in self.gfs)


def place_of(line: OnboardingLine) -> Establishment | None:
    """Where the pharmacy stands, or where it is believed to."""
    return line.site or line.establishment


def people_of(lines: Collection[OnboardingLine]) -> dict[int, People]:
    """By number of line. Those of the entity count for each of its sites; and a line that has no
    site yet counts those of any site of its entity."""
    places = {line.pk: place_of(line) for line in lines}
    known = people_at(
        {place.pk for place in places.values() if place},
        {line.legal_entity_id for line in lines},
        {line.legal_entity_id for line in lines if places[line.pk] is None},
    )
    return {
        line.pk: People.of(known.of(place.pk if place else None, line.legal_entity_id))
        for line in lines
        for place in [places[line.pk]]
    }


def apes_at(sites: Collection[Establishment]) -> list[Person]:
    """The administrators of a few sites and of their entities."""
    known = people_at({one.pk for one in sites}, {one.legal_entity_id for one in sites})
    found = [one for site in sites for one in known.of(site.pk, site.legal_entity_id)]
    return People.of(dict.fromkeys(found)).apes
