"""Who can decide of a request: people to name, and the mailbox to write to besides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Domain, Habilitation, Level, Profile, Role, User
from common import among  # noqa: F401 - registers the lookup
from establishments.models import AdministrativeBody, Establishment, LegalEntity

Entity = Establishment | LegalEntity | AdministrativeBody
Kind = AdministrativeBody.Kind
Place = tuple[str, int | str | None]  # what kind of place one decides from, and which one
ADMINISTRATORS = (Role.ADMINISTRATOR, Role.DELEGATED_ADMINISTRATOR)
NATIONAL, ARS, ENTITY, SITE = KINDS = "national", "ars", "entity", "site"
NAMED = 20


@dataclass(frozen=True, slots=True)
class Deciders:
    """The people who can act, where they decide from, and how to reach the ARS besides."""

    people: list[User]
    body_name: str
    mailbox: str
    level: Level = Level.ENTITY


def level_of(entity: Entity, roles: list[Role]) -> Level:
    """Who decides of these roles on this entity: one role of APE sends the whole to the ARS."""
    if isinstance(entity, AdministrativeBody):
        return Level.NATIONAL
    return Level.ARS if Role.ADMINISTRATOR in roles else Level.ENTITY


def deciders_of(entity: Entity, level: Level, *, but: User | None = None) -> Deciders:
    """Those who may decide at ``level`` today; an entity without any is left to its ARS."""
    return deciders_of_each([(entity, level)], but=but)[0]


def deciders_of_each(
    asked: Sequence[tuple[Entity, Level]], *, but: User | None = None
) -> list[Deciders]:
    """As ``deciders_of`` for each of them, in two queries whatever their number."""
    places = {
        place
        for entity, level in asked
        for one in (level, Level.ARS)
        for place in _places(entity, one)
    }
    bodies = list(bodies_from(places))
    people = _people_of(rights_from(places, bodies), but)
    ars = {body.region_id: body for body in bodies if body.kind == Kind.ARS}
    return [_deciders(entity, level, people, ars) for entity, level in asked]


def places_decided(entities: Iterable[Establishment | LegalEntity]) -> set[Place]:
    """From where somebody of these entities themselves decides, in one statement."""
    places = {place for entity in entities for place in own_places(entity)}
    if not places:
        return set()
    rights = rights_from(places, bodies=()).select_related("profile")
    return {place_of(right.profile) for right in rights.order_by()}


def own_places(entity: Establishment | LegalEntity) -> list[Place]:
    """From where the people of the entity itself decide."""
    return _places(entity, Level.ENTITY)


def _places(entity: Entity, level: Level) -> list[Place]:
    """From where one decides; an administrator of the legal entity does for each of its sites."""
    match level, entity:
        case Level.NATIONAL, _:
            return [(NATIONAL, None)]
        case Level.ARS, _:
            return [(ARS, entity.region_id)] if entity.region_id else []
        case _, Establishment():
            return [(SITE, entity.pk), (ENTITY, entity.legal_entity_id)]
        case _, LegalEntity():
            return [(ENTITY, entity.pk)]
    return []


def rights_to_decide() -> QuerySet[Habilitation]:
    """What lets somebody who may log in decide of anything, in force today."""
    of_entity = Q(profile__body__isnull=True, role__in=ADMINISTRATORS)
    of_ars = Q(profile__body__kind=Kind.ARS, role=Role.ADMINISTRATOR)
    of_country = Q(profile__body__kind=Kind.NATIONAL, role=Role.NATIONAL_CELL)
    rights: QuerySet[Habilitation] = Habilitation.objects.in_force()
    return rights.filter(
        of_entity | of_ars | of_country,
        domain=Domain.ADMINISTRATION,
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )


def rights_from(
    places: set[Place],
    bodies: Iterable[AdministrativeBody] | None = None,
    people: Iterable[int] = (),
) -> QuerySet[Habilitation]:
    """What lets one decide from these places; ``bodies`` as ``bodies_from``, when already read.

    What ``people`` hold comes besides, wherever it is. Found by columns of the profile itself: with
    a join in the OR, all the profiles would be read.
    """
    bodies = bodies_from(places) if bodies is None else bodies
    numbers: dict[str, set[int | str | None]] = {kind: set() for kind in KINDS}
    for kind, number in places:
        numbers[kind].add(number)
    return rights_to_decide().filter(
        Q(profile__establishment__pk__among=numbers[SITE])
        | Q(profile__legal_entity__pk__among=numbers[ENTITY])
        | Q(profile__body__in={one.pk for one in bodies})
        | Q(profile__user__pk__among=set(people))
    )


def bodies_from(places: set[Place]) -> QuerySet[AdministrativeBody]:
    """The administrations among these places."""
    regions = {number for kind, number in places if kind == ARS}
    found = Q(kind=Kind.ARS, region__in=regions)
    if (NATIONAL, None) in places:
        found |= Q(kind=Kind.NATIONAL)
    return AdministrativeBody.objects.filter(found)


def _people_of(rights: QuerySet[Habilitation], but: User | None) -> dict[Place, list[User]]:
    """Those who decide from each place, by name."""
    rights = rights.select_related("profile__user", "profile__body")
    people: dict[Place, list[User]] = {}
    for right in rights.order_by(
        "profile__user__last_name", "profile__user__first_name", "profile__user"
    ):
        people.setdefault(place_of(right.profile), []).append(right.profile.user)
    return {place: [one for one in named if one != but] for place, named in people.items()}


def _deciders(
    entity: Entity,
    level: Level,
    people: dict[Place, list[User]],
    ars: dict[str | None, AdministrativeBody],
) -> Deciders:
    named = _named(people, entity, level)
    if level == Level.ENTITY and not named:
        level, named = Level.ARS, _named(people, entity, Level.ARS)
    body = entity if isinstance(entity, AdministrativeBody) else ars.get(entity.region_id)
    return Deciders(named, body.name if body else "", _mailbox_of(entity, body), level)


def place_of(profile: Profile) -> Place:
    if profile.body:
        is_ars = profile.body.kind == Kind.ARS
        return (ARS, profile.body.region_id) if is_ars else (NATIONAL, None)
    if profile.establishment_id:
        return SITE, profile.establishment_id
    return ENTITY, profile.legal_entity_id


def _named(people: dict[Place, list[User]], entity: Entity, level: Level) -> list[User]:
    """At most so many of those who decide here, each once."""
    found = [one for place in _places(entity, level) for one in people.get(place, [])]
    return list(dict.fromkeys(found))[:NAMED]


def _mailbox_of(entity: Entity, ars: AdministrativeBody | None) -> str:
    if ars and ars.mailbox:
        return ars.mailbox
    return entity.region.mailbox if entity.region else ""
