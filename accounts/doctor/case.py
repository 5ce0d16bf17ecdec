"""What the doctor looks at: a person with all they hold, an application, a place."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from django.db.models import Prefetch
from django.utils import timezone

from accounts.conditions import (
    address_is_confirmed,
    is_inside,
    profile_counts,
    profile_is_usable,
    right_is_in_force,
)
from accounts.doctor.application import Application, Place
from accounts.grants import GRANTS, ROLE_CODES, kind_of, letter_of, reach
from accounts.models import AccessRequest, Habilitation, Profile, User
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action
from establishments.rules import beneficiary_categories

Known = TypeVar("Known")
State, RightState = Profile.State, Habilitation.State
STATES = (State.ENDED, State.REFUSED, State.SUSPENDED, State.PENDING, State.ACTIVE)
RIGHT_STATES = (RightState.REFUSED, RightState.REVOKED, RightState.PENDING, RightState.ACTIVE)


class Person:
    """Somebody and every profile of theirs, whatever its state, with every habilitation."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def profiles(self) -> list[Profile]:
        """Read in three statements, whatever their number; the last opened first."""
        waiting = AccessRequest.objects.open()
        found = (
            Profile.objects.filter(user=self.user)
            .select_related("establishment__legal_entity__legal_status", "establishment__category")
            .select_related("legal_entity__legal_status", "body")
            .prefetch_related(
                Prefetch("habilitations", to_attr="rights"),
                Prefetch("requests", queryset=waiting, to_attr="waiting"),
            )
        )
        return list(found.order_by("-pk"))

    @cached_property
    def in_use(self) -> Profile | None:
        """The profile in use, as the gate says, among those read here."""
        active = self.user.active_profile
        return next((one for one in self.profiles if one == active), None)

    @cached_property
    def address_is_confirmed(self) -> bool:
        return address_is_confirmed(self.user)

    @property
    def living(self) -> list[Profile]:
        return [one for one in self.profiles if one.state in Profile.LIVING]

    @property
    def kinds(self) -> set[str]:
        return {kind_of(profile) for profile in self.living}


class Facts:
    """What the rules about places need to know of several at once, in two statements."""

    def __init__(self, places: Collection[Place]) -> None:
        self.today = timezone.localdate()
        self.entities = {entity_id_of(place) for place in places}
        self.kept: dict[object, object] = {}

    def once(self, read: Callable[["Facts"], Known]) -> Known:
        """What an app reads of all these places together, read at the first question."""
        if read not in self.kept:
            self.kept[read] = read(self)
        return cast(Known, self.kept[read])

    @cached_property
    def beneficiaries(self) -> frozenset[str]:
        return beneficiary_categories(self.today)

    @cached_property
    def open_sites(self) -> dict[int, list[Establishment]]:
        """The open establishments of each legal entity."""
        found = defaultdict(list)
        sites = Establishment.objects.open().filter(legal_entity__in=self.entities)
        for site in sites.select_related("legal_entity__legal_status"):
            found[site.legal_entity_id].append(site)
        return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile that reaches the place, and the habilitation on it that says the most."""

    profile: Profile
    right: Habilitation | None
    is_usable: bool
    is_in_force: bool
    counts: bool

    @property
    def is_waiting(self) -> bool:
        asked = self.right is None or self.right.state != RightState.REFUSED
        return bool(self.profile.waiting) and asked

    @property
    def merit(self) -> tuple[object, ...]:
        """The best one explains best: open first, then what is asked for, then what is near."""
        right = RIGHT_STATES.index(RightState(self.right.state)) if self.right else -1
        return (
            self.is_usable and self.is_in_force and self.counts,
            self.is_usable and self.is_in_force,
            self.is_waiting,
            STATES.index(State(self.profile.state)),
            right,
            self.counts,
            self.right.pk if self.right else 0,
        )


@dataclass(frozen=True)
class Case:
    """One question: may this person do that, there?"""

    person: Person
    application: Application
    place: Place | None
    facts: Facts

    @cached_property
    def target(self) -> Place | None:
        """The entity on which the profile must stand."""
        return self.application.target(self.place, self.facts) if self.place else None

    @cached_property
    def candidate(self) -> Candidate | None:
        """The profile that opens the door, or the one that is nearest to opening it."""
        return max(self.candidates(), key=lambda one: one.merit, default=None)

    def candidates(self) -> Iterator[Candidate]:
        for profile in self.person.profiles:
            letters = letters_possible(profile, self.application.action)
            if any(self.reaches(profile, letter) for letter in letters):
                rights: list[Habilitation | None] = []
                rights += [one for one in profile.rights if self.gives(profile, one)]
                yield from (self.candidate_of(profile, right) for right in rights or [None])

    def candidate_of(self, profile: Profile, right: Habilitation | None) -> Candidate:
        letter = letter_of(right, profile, self.application.action) if right else ""
        return Candidate(
            profile,
            right,
            is_usable=profile_is_usable(profile),
            is_in_force=right is not None and right_is_in_force(right, self.facts.today),
            counts=profile_counts(profile, self.person.in_use, letter),
        )

    def gives(self, profile: Profile, right: Habilitation) -> bool:
        return self.reaches(profile, letter_of(right, profile, self.application.action))

    def reaches(self, profile: Profile, letter: str) -> bool:
        """Whether a letter of the matrix reaches the place from a profile, as for the gate."""
        perimeter = reach(profile, letter)
        return is_inside(self.target, perimeter) if self.target else bool(perimeter)


def letters_possible(profile: Profile, action: Action) -> set[str]:
    """The letters that habilitations of this kind of entity can give for an action."""
    kind, cells = kind_of(profile), GRANTS[action]
    letters = {
        cells.letter(code, domain) for (domain, _, on), code in ROLE_CODES.items() if on == kind
    }
    return letters - {""}


def entity_id_of(place: Place) -> int:
    return place.pk if isinstance(place, LegalEntity) else place.legal_entity_id
