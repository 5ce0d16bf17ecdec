"""Who administers and who declares for each line: read for a whole list in one statement."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role
from establishments.models import Establishment
from pui.models import OnboardingLine

APE = Q(domain=Domain.ADMINISTRATION, role=Role.ADMINISTRATOR)
GF = Q(domain=Domain.DISPOSTOCK, role=Role.DECLARANT)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as the ARS writes to them; the address is that of the profile, when it has one."""

    profile_id: int
    name: str
    email: str
    has_logged_in: bool

    @property
    def text(self) -> str:
        return f"{self.name}, {self.email}"


@dataclass(slots=True)
class People:
    """The administrators (APE) and the declarants (GF) who count for one line."""

    apes: list[Contact] = field(default_factory=list)
    gfs: list[Contact] = field(default_factory=list)

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
    sites = {place.pk for line in lines if (place := place_of(line))}
    bare = {line.legal_entity_id for line in lines if place_of(line) is None}
    entities = {line.legal_entity_id for line in lines}
    by_site: dict[int, People] = {}
    by_entity: dict[int, People] = {}
    of_any_site: dict[int, People] = {}
    for right in _rights(sites, entities, bare):
        profile = right.profile
        if profile.legal_entity_id:
            found = [by_entity.setdefault(profile.legal_entity_id, People())]
        else:
            entity = profile.establishment.legal_entity_id
            found = [
                by_site.setdefault(profile.establishment_id, People()),
                of_any_site.setdefault(entity, People()),
            ]
        for people in found:
            _add(people, right)
    answer = {}
    for line in lines:
        place = place_of(line)
        own = by_site.get(place.pk) if place else of_any_site.get(line.legal_entity_id)
        answer[line.pk] = _joined(own, by_entity.get(line.legal_entity_id))
    return answer


def apes_at(sites: Collection[Establishment]) -> list[Contact]:
    """The administrators of a few sites and of their entities."""
    numbers, entities = {one.pk for one in sites}, {one.legal_entity_id for one in sites}
    people = People()
    for right in _rights(numbers, entities, set()):
        _add(people, right)
    return list(dict.fromkeys(people.apes))


def _rights(sites: set[int], entities: set[int], bare: set[int]) -> list[Habilitation]:
    rows = Habilitation.objects.in_force().filter(
        APE | GF,
        Q(profile__establishment__in=sites)
        | Q(profile__legal_entity__in=entities)
        | Q(profile__establishment__legal_entity__in=bare),
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    related = ("profile__user", "profile__establishment")
    return list(rows.select_related(*related).order_by("profile__user__last_name", "pk"))


def _add(people: People, right: Habilitation) -> None:
    profile, user = right.profile, right.profile.user
    contact = Contact(
        profile.pk, str(user), profile.email or user.email, user.last_login is not None
    )
    chosen = people.apes if right.role == Role.ADMINISTRATOR else people.gfs
    chosen.append(contact)


def _joined(*found: People | None) -> People:
    whole = People()
    for one in found:
        if one:
            whole.apes += [contact for contact in one.apes if contact not in whole.apes]
            whole.gfs += [contact for contact in one.gfs if contact not in whole.gfs]
    return whole
