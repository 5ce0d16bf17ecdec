"""Who can act on what is missing, and how much of them may be told."""

from dataclasses import dataclass

from accounts.deciders import Deciders, deciders_of, level_of
from accounts.doctor.case import Case, entity_id_of
from accounts.doctor.right_conditions import is_reserved, right_to_ask
from accounts.models import Level, User
from accounts.services.profiles import Entity
from establishments.models import AdministrativeBody

NAMED = 3


@dataclass(frozen=True, slots=True)
class Deciding:
    """Those who decide here. Their names are for whoever already has a foot in the entity.

    Anybody can open an account: the directory of administrators is not for everybody.
    """

    deciders: Deciders
    are_told: bool

    @property
    def people(self) -> list[User]:
        return self.deciders.people[:NAMED] if self.are_told else []

    @property
    def role(self) -> str:
        """From where they decide: « APE de l’établissement »."""
        return {
            Level.ENTITY: "APE de l’établissement",
            Level.ARS: self.deciders.body_name or "ARS",
            Level.NATIONAL: "cellule nationale, à deux",
        }[self.deciders.level]

    @property
    def told(self) -> str:
        """How many more there are than those named."""
        count = len(self.deciders.people)
        more = count - len(self.people)
        if not count:
            return "personne ne peut décider ici pour le moment"
        if more and self.people:
            return f"et {more} autre{'s' if more > 1 else ''}"
        return f"{count} personne{'s' if count > 1 else ''}" if more else ""

    @property
    def is_empty(self) -> bool:
        return not self.deciders.people


def deciding_of(case: Case) -> Deciding | None:
    """Who decides of what is missing; nobody can be named while no entity is."""
    entity = entity_of(case)
    if entity is None:
        return None
    deciders = deciders_of(entity, level(case, entity), but=case.person.user)
    return Deciding(deciders, has_a_foot_in(case, entity))


def entity_of(case: Case) -> Entity | None:
    """The entity of the profile that waits or is to be asked for; a reserved action: one's own."""
    if case.candidate:
        return case.candidate.profile.entity
    if case.target is None and is_reserved(case):
        return case.person.living[0].entity
    return case.target


def level(case: Case, entity: Entity) -> Level:
    if is_reserved(case) and not isinstance(entity, AdministrativeBody):
        return Level.ARS
    if case.candidate and case.candidate.profile.waiting:
        return Level(case.candidate.profile.waiting[0].level)
    right = right_to_ask(case)
    return level_of(entity, [right[1]] if right else [])


def has_a_foot_in(case: Case, entity: Entity) -> bool:
    """Whether they have a living profile, even waiting, on the entity or its legal entity."""
    if isinstance(entity, AdministrativeBody):
        return any(one.body_id == entity.pk for one in case.person.living)
    legal_entity = entity_id_of(entity)
    return any(one.legal_entity_in_reach_id == legal_entity for one in case.person.living)
