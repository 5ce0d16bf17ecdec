"""Who decides of many requests at once, in as many queries as for one; numbers only.

``accounts.deciders`` names the people of one request for a page; this is for the mails, and a test
holds the two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.deciders import (
    ARS,
    ENTITY,
    NATIONAL,
    SITE,
    Kind,
    Place,
    rights_from,
    rights_to_decide,
)
from accounts.models import AccessRequest, Habilitation, Level, User
from accounts.models.access_request import AccessRequestQuerySet
from accounts.models.profile import OF_PROFILE

People = dict[Place, set[int]]
OF_RIGHT = (
    "profile__user",
    "profile__establishment",
    "profile__legal_entity",
    "profile__body__kind",
    "profile__body__region",
)
OF_REQUEST = (
    "level",
    "escalated_at",
    "profile__user",
    "asked_by",
    "first_by",
    "profile__establishment",
    "profile__establishment__legal_entity",
    "profile__legal_entity",
    "profile__region",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an open request says who decides of it."""

    level: str
    escalated_at: datetime | None
    person: int
    asked_by: int
    first_by: int | None
    establishment: int | None
    entity_of_establishment: int | None
    legal_entity: int | None
    region: str | None

    @property
    def own_places(self) -> Iterator[Place]:
        """An administrator of the legal entity decides for each of its sites."""
        if self.establishment:
            yield SITE, self.establishment
        if entity := self.entity_of_establishment or self.legal_entity:
            yield ENTITY, entity

    @property
    def places(self) -> set[Place]:
        """All those from where somebody may decide of it, one day or another."""
        if self.level == Level.NATIONAL:
            return {(NATIONAL, None)}
        return {*self.own_places, *([(ARS, self.region)] if self.region else [])}


def deciders_of_requests(
    requests: AccessRequestQuerySet, *, and_above: bool = True
) -> dict[int, set[int]]:
    """The people (their numbers) who may decide of each request, in two queries for any number.

    As ``deciders_of``, less those who asked or have given the first of two agreements; with
    ``and_above`` the ARS besides, once the request has gone up to it.
    """
    asked = asked_by(requests)
    places = set().union(*(one.places for one in asked.values()))
    people = people_from(rights_from(places)) if places else {}
    return {pk: _deciding(one, people, and_above) for pk, one in asked.items()}


def asked_by(requests: QuerySet[AccessRequest]) -> dict[int, Asked]:
    """What says who decides, of each request by its number."""
    return {pk: Asked(*row) for pk, *row in requests.values_list("pk", *OF_REQUEST)}


def requests_that_wait_for(person: User) -> list[AccessRequest]:
    """The open requests this person may decide, whatever the profile in use, oldest first."""
    near = AccessRequest.objects.open().filter(_reached_by(person))
    found = [pk for pk, people in deciders_of_requests(near).items() if person.pk in people]
    rows = AccessRequest.objects.filter(pk__in=found).prefetch_related("habilitations")
    return list(rows.select_related(*OF_PROFILE))


def national_deciders() -> set[int]:
    """The people of the national cell who decide."""
    return people_from(rights_from({(NATIONAL, None)})).get((NATIONAL, None), set())


def regional_deciders(regions: set[str]) -> dict[str | None, set[int]]:
    """The people of each ARS who decide."""
    people = people_from(rights_from({(ARS, region) for region in regions}))
    return {region: people.get((ARS, region), set()) for region in regions}


def people_from(rights: QuerySet[Habilitation]) -> People:
    people: People = {}
    for person, *where in rights.values_list(*OF_RIGHT):
        people.setdefault(_place(*where), set()).add(person)
    return people


def _place(
    establishment: int | None, entity: int | None, kind: str | None, region: str | None
) -> Place:
    if kind:
        return (ARS, region) if kind == Kind.ARS else (NATIONAL, None)
    return (SITE, establishment) if establishment else (ENTITY, entity)


def _deciding(asked: Asked, people: People, and_above: bool) -> set[int]:
    out = {asked.person, asked.asked_by, asked.first_by}
    if asked.level == Level.NATIONAL:
        return people.get((NATIONAL, None), set()) - out
    regional = people.get((ARS, asked.region), set()) - out if asked.region else set()
    if asked.level == Level.ARS:
        return regional
    own = set().union(*(people.get(place, set()) for place in asked.own_places)) - out
    is_above = and_above and asked.escalated_at is not None
    return own | regional if is_above or not own else own


def _reached_by(person: User) -> Q:
    """The requests on the places from where somebody decides, and more; never fewer."""
    reached = Q(pk__in=[])
    for kind, number in people_from(rights_to_decide().filter(profile__user=person)):
        match kind:
            case "site":
                reached |= Q(profile__establishment=number)
            case "entity":
                reached |= Q(profile__legal_entity=number)
                reached |= Q(profile__establishment__legal_entity=number)
            case "ars":
                reached |= in_region(number)
            case _:
                reached |= Q(level=Level.NATIONAL)
    return reached


def in_region(code: int | str | None) -> Q:
    """The requests on the establishments and legal entities of a region."""
    return Q(profile__region=code, profile__body__isnull=True)
