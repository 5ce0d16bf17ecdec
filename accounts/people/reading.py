"""Which accounts somebody may read (``acc.read``), and through which profiles.

An administrator reads the people of their entity or region; the national cell those of the regional
and national structures, of which it decides; the assistance everybody, also without a profile.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.grants import code_of
from accounts.models import Habilitation, Profile, User
from accounts.models.entity import ENTITIES
from common import among  # noqa: F401 - registers the lookup
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Action

State = Profile.State
HELD = (Habilitation.State.PENDING, Habilitation.State.ACTIVE)
ANY_STATE = "tous"
BY_NAME = ("last_name", "first_name", "pk")
MOST = 10_000  # numbers sent back to the database in one statement


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty, all that is within reach and not over."""

    text: str = ""
    entity: str = ""
    domain: str = ""
    role: str = ""
    state: str = ""

    @property
    def is_about_profiles(self) -> bool:
        return bool(self.entity or self.domain or self.role or self.state not in ("", ANY_STATE))


def reads_everybody(user: User) -> bool:
    """The assistance; the country reads otherwise what it decides of."""
    profile = user.active_profile
    return profile is not None and any(code_of(one, profile) == "SUP" for one in profile.rights)


def readable_profiles(user: User) -> QuerySet[Profile]:
    """The profiles that ``user`` may read, whatever their state."""
    if reads_everybody(user):
        return Profile.objects.all()
    profiles = Profile.objects.for_user(user, to=Action.ACC_READ)
    is_national = user.perimeter_to(Action.ACC_READ).is_national
    return profiles.filter(body__isnull=False) if is_national else profiles


def readable_parts(user: User) -> list[QuerySet[Profile]]:
    """The same, as the database reads it fastest at the national size.

    A few places: one part for each kind of entity, each reached by an index, which an OR is not.
    """
    perimeter = user.perimeter_to(Action.ACC_READ)
    if perimeter.is_national or perimeter.region_codes or perimeter.department_codes:
        return [readable_profiles(user)]
    sites = Establishment.objects.within(perimeter)
    return [
        Profile.objects.filter(establishment__in=sites),
        Profile.objects.filter(legal_entity__in=perimeter.legal_entity_ids),
    ]


def people_found(user: User, search: Search) -> QuerySet[User]:
    """The accounts to list, by name."""
    people: QuerySet[User] = User.objects.order_by(*BY_NAME)
    if search.text:
        people = User.objects.search(search.text).order_by(*BY_NAME)
    if reads_everybody(user) and not search.is_about_profiles:
        return people
    parts = profiles_found(user, search)
    if len(parts) == 1 and (few := _few_people(people, parts[0], search)) is not None:
        return few
    first, *others = (profiles.values("user") for profiles in parts)
    return people.filter(pk__in=first.union(*others, all=True) if others else first)


def holders_found(user: User, search: Search) -> QuerySet[Any, Any] | None:
    """Who holds the profiles found, when only these say who is found: none otherwise.

    Counted so, the accounts themselves are not read.
    """
    if search.text or search.entity or reads_everybody(user):
        return None
    first, *others = (part.order_by().values("user") for part in profiles_found(user, search))
    return first.union(*others) if others else first.distinct()


def _few_people(
    people: QuerySet[User], profiles: QuerySet[Profile], search: Search
) -> QuerySet[User] | None:
    """The people found, by their numbers, when a name or an entity leaves few of them.

    The database would hold every profile of the country against the region instead; and would walk
    every account by name, from which sorting aside, by an expression, keeps it.
    """
    named = numbers_of_few(people) if search.text else None
    if named is not None:
        people, profiles = User.objects.all(), profiles.filter(user__pk__among=named)
    elif not search.entity:
        return None
    held = numbers_of_few(profiles, "user")
    if held is None:
        return None
    return people.filter(pk__among=held).order_by(Coalesce("last_name", Value("")), *BY_NAME[1:])


def numbers_of_few(rows: QuerySet[Any], column: str = "pk") -> set[int] | None:
    """Their numbers, read now; none when there are too many to send them back."""
    numbers = rows.order_by().values_list(column, flat=True)[: MOST + 1]
    found = list(numbers)
    return set(found) if len(found) <= MOST else None


def profiles_found(user: User, search: Search) -> list[QuerySet[Profile]]:
    """The profiles within reach that match what is asked of them, in parts.

    A part for each kind of entity: an OR of the three would be read without any index.
    """
    asked = _condition(search)
    return [profiles.filter(asked) for profiles in readable_parts(user)]


def _condition(search: Search) -> Q:
    """What is asked of each profile, whoever reads it."""
    condition = Q()
    if search.state in State.values:
        condition &= Q(state=search.state)
    elif search.state != ANY_STATE:
        condition &= Q(state__in=Profile.LIVING)
    if search.entity:
        condition &= _on_entity(search.entity)
    named = {"domain": search.domain, "role": search.role}
    if asked := {name: value for name, value in named.items() if value}:
        rights = Habilitation.objects.filter(profile=OuterRef("pk"), state__in=HELD, **asked)
        condition &= Q(Exists(rights))
    return condition


def _on_entity(text: str) -> Q:
    """By the numbers of the few that are found: three subqueries in an OR are read by no index."""
    condition = Q()
    for field, rows in (
        ("establishment", Establishment.objects.search(text)),
        ("legal_entity", LegalEntity.objects.search(text)),
        ("body", AdministrativeBody.objects.filter(name__icontains=text)),
    ):
        few = numbers_of_few(rows)
        condition |= Q(**({f"{field}__in": rows} if few is None else {f"{field}__pk__among": few}))
    return condition


def with_profiles(people: QuerySet[User], user: User) -> QuerySet[User]:
    """Bring ``readable``: their profiles within reach that are not over, with ``held`` rights."""
    rights = Habilitation.objects.filter(state__in=HELD)
    profiles = (
        readable_profiles(user)
        .filter(state__in=Profile.LIVING)
        .select_related(*ENTITIES)
        .prefetch_related(Prefetch("habilitations", queryset=rights, to_attr="held"))
    )
    return people.prefetch_related(Prefetch("profiles", queryset=profiles, to_attr="readable"))
