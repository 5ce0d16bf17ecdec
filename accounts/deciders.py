"""Who can decide of a request: people to name, and the mailbox to write to besides."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Domain, Habilitation, Level, Profile, Role, User
from establishments.models import AdministrativeBody, Establishment, LegalEntity

Entity = Establishment | LegalEntity | AdministrativeBody
Kind = AdministrativeBody.Kind
ADMINISTRATORS = (Role.ADMINISTRATOR, Role.DELEGATED_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Deciders:
    """The people who can act, and how to reach the ARS (or the body) besides."""

    people: list[User]
    body_name: str
    mailbox: str


def level_of(entity: Entity, roles: list[Role]) -> Level:
    """Who decides of these roles on this entity: one role of APE sends the whole to the ARS."""
    if isinstance(entity, AdministrativeBody):
        return Level.NATIONAL
    return Level.ARS if Role.ADMINISTRATOR in roles else Level.ENTITY


def deciders_of(entity: Entity, level: Level, *, but: User | None = None) -> Deciders:
    """Those who may decide at ``level`` today; an entity without any is left to its ARS."""
    ars = _ars_of(entity)
    people = list(_people(entity, level, ars)[:20])
    if level == Level.ENTITY and not [one for one in people if one != but]:
        people = list(_people(entity, Level.ARS, ars)[:20])
    return Deciders(
        [one for one in people if one != but],
        ars.name if ars else "",
        _mailbox_of(entity, ars),
    )


def has_administrator(entity: Establishment | LegalEntity) -> bool:
    """Whether somebody of the entity itself decides there."""
    return _people(entity, Level.ENTITY, None).exists()


def _people(entity: Entity, level: Level, ars: AdministrativeBody | None) -> QuerySet[User]:
    match level:
        case Level.NATIONAL:
            roles, places = [Role.NATIONAL_CELL], Q(profile__body__kind=Kind.NATIONAL)
        case Level.ARS:
            roles, places = [Role.ADMINISTRATOR], Q(profile__body=ars, profile__body__isnull=False)
        case _:
            roles, places = list(ADMINISTRATORS), _places(entity)
    rights = Habilitation.objects.in_force().filter(
        places, domain=Domain.ADMINISTRATION, role__in=roles, profile__state=Profile.State.ACTIVE
    )
    found: QuerySet[User] = User.objects.filter(
        pk__in=rights.values("profile__user"), is_active=True
    )
    return found


def _places(entity: Entity) -> Q:
    """An administrator of the legal entity decides for each of its sites."""
    if isinstance(entity, Establishment):
        return Q(profile__establishment=entity) | Q(
            profile__legal_entity=entity.legal_entity_id, profile__legal_entity__isnull=False
        )
    return Q(profile__legal_entity=entity)


def _mailbox_of(entity: Entity, ars: AdministrativeBody | None) -> str:
    if ars and ars.mailbox:
        return ars.mailbox
    return entity.region.mailbox if entity.region else ""


def _ars_of(entity: Entity) -> AdministrativeBody | None:
    """The ARS of the region; of an administration, itself."""
    if isinstance(entity, AdministrativeBody):
        return entity
    if entity.region_id is None:
        return None
    found: AdministrativeBody | None = AdministrativeBody.objects.filter(
        kind=Kind.ARS, region=entity.region_id
    ).first()
    return found
