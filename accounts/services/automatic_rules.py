"""What the rules of ``automatic`` give, to one profile or to many in as many statements as for one.

Nothing is written here: what is given is remembered, for a rule may follow from another, and the
first pharmacist of a fire service keeps the second one from administering it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from accounts.conditions import right_is_in_force
from accounts.deciders import ADMINISTRATORS, Entity, Place, own_places, place_of, places_decided
from accounts.grants import code_of
from accounts.models import Domain, Habilitation, Profile, Role
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.rules import beneficiaries, fire_services

State = Habilitation.State
Site = Establishment | LegalEntity
OF_BENEFICIARY = (
    "Accordée d’office : l’administrateur principal d’un établissement bénéficiaire commande."
)
OF_ARS = "Accordée d’office : l’administrateur de l’ARS commande pour le pot commun de la région."
OF_FIRE_SERVICE = (
    "Accordée d’office : dans un service d’incendie et de secours sans administrateur, le "
    "pharmacien gestionnaire de fichiers est aussi l’administrateur principal."
)
OF_FORMER_DOMAIN = (
    "Accordée d’office : le rôle de gestionnaire de fichiers était tenu dans l’ancien domaine "
    "Médicaments."
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule gives, why, and until when: as long as what it follows."""

    domain: Domain
    role: Role
    reason: str
    starts_on: date | None = None
    ends_on: date | None = None


FORMER_GF = Grant(Domain.DISPOSTOCK, Role.DECLARANT, OF_FORMER_DOMAIN)


class Rules:
    """The rules for some profiles that the caller has locked; each thing is read when first asked.

    They are asked about one profile after another: an answer counts what was given before.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = profiles
        self.today = timezone.localdate()
        self.living: dict[int, list[Habilitation]] = {one.pk: [] for one in profiles}
        rights = Habilitation.objects.filter(
            profile__in=self.living, state__in=[State.PENDING, State.ACTIVE]
        )
        for right in rights:
            self.living[right.profile_id].append(right)

    def given(self, profile: Profile) -> list[Habilitation]:
        """What the rules give to this profile and that it lacks, not saved; often empty."""
        given: list[Habilitation] = []
        # again and again: an APE by one rule orders by another
        while found := self.add(profile, self._due(profile)):
            given += found
        return given

    def add(self, profile: Profile, grants: Iterable[Grant]) -> list[Habilitation]:
        """Those of these grants that the profile lacks and that nobody took back there."""
        living = self.living[profile.pk]
        held = {(right.domain, right.role) for right in living}
        missing = [one for one in grants if (one.domain, one.role) not in held]
        added = [
            self._right(profile, one)
            for one in missing
            if (*_whose(profile), one.domain, one.role) not in self._taken_back
        ]
        living += added
        return added

    def _due(self, profile: Profile) -> Iterator[Grant]:
        """What the rules give for the habilitations of the profile, whether or not it has it."""
        if profile.state != Profile.State.ACTIVE:
            return
        for right in self._active(profile):
            match code_of(right, profile), right.role:
                case "APE", Role.ADMINISTRATOR if profile.entity in self._beneficiaries:
                    yield _following(right, Domain.DISTRILOG, Role.ORDER_OPERATOR, OF_BENEFICIARY)
                case "ARA", _:
                    yield _following(right, Domain.DISTRILOG, Role.ORDER_OPERATOR, OF_ARS)
                case "GF", _ if self._is_fire_service_to_administer(profile.entity):
                    yield _following(
                        right, Domain.ADMINISTRATION, Role.ADMINISTRATOR, OF_FIRE_SERVICE
                    )

    def _active(self, profile: Profile) -> list[Habilitation]:
        return [right for right in self.living[profile.pk] if right.state == State.ACTIVE]

    def _right(self, profile: Profile, grant: Grant) -> Habilitation:
        right = Habilitation(
            profile=profile,
            domain=grant.domain,
            role=grant.role,
            state=State.ACTIVE,
            starts_on=max(self.today, grant.starts_on or self.today),
            ends_on=grant.ends_on,
            decided_at=timezone.now(),
            reason=grant.reason,
            is_automatic=True,
        )
        if self._lets_decide(right):
            self._decided_from.add(place_of(profile))
        return right

    def _lets_decide(self, right: Habilitation) -> bool:
        """Whether who receives it administers the place from now on."""
        is_administrator = right.domain == Domain.ADMINISTRATION and right.role in ADMINISTRATORS
        in_force = is_administrator and right_is_in_force(right, self.today)
        return in_force and right.profile.user.is_active

    def _is_fire_service_to_administer(self, entity: Entity) -> bool:
        """Nobody administers it yet: an APE there would otherwise make others by giving GF."""
        if isinstance(entity, AdministrativeBody) or entity not in self._fire_services:
            return False
        return self._decided_from.isdisjoint(own_places(entity))

    @cached_property
    def _fire_services(self) -> set[Site]:
        return fire_services(self._sites_of("GF"))

    @cached_property
    def _decided_from(self) -> set[Place]:
        """The places of those fire services from where somebody decides."""
        return places_decided(self._fire_services)

    @cached_property
    def _beneficiaries(self) -> set[Site]:
        """Those that an APE administers, or is about to by the rule of the fire services."""
        return beneficiaries(self._sites_of("GF", "APE"), self.today)

    def _sites_of(self, *codes: str) -> list[Site]:
        """Where somebody of these profiles holds one of these roles of the matrix."""
        entities = [
            one.entity
            for one in self.profiles
            if any(code_of(right, one) in codes for right in self._active(one))
        ]
        return [one for one in entities if not isinstance(one, AdministrativeBody)]

    @cached_property
    def _taken_back(self) -> set[tuple[object, ...]]:
        """What a person took back from these people, also on an earlier profile there."""
        rights = Habilitation.objects.filter(
            profile__user__in={one.user_id for one in self.profiles},
            state=State.REVOKED,
            decided_by__isnull=False,
        )
        fields = ("user", "establishment", "legal_entity", "body")
        places = (f"profile__{name}" for name in fields)
        return set(rights.order_by().values_list(*places, "domain", "role"))


def _following(right: Habilitation, domain: Domain, role: Role, reason: str) -> Grant:
    return Grant(domain, role, reason, right.starts_on, right.ends_on)


def _whose(profile: Profile) -> tuple[int | None, ...]:
    """The person and the place: what a person took back there stays taken back."""
    return profile.user_id, profile.establishment_id, profile.legal_entity_id, profile.body_id
