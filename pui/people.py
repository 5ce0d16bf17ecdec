"""Who declares (GF) and who administers (APE) where a pharmacy stands: read once for every page.

A person holds a profile on a site, or on its legal entity: then for each of its sites.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role

GF: Final = "GF"
APE: Final = "APE"
KINDS: Final = {
    (Domain.DISPOSTOCK, Role.DECLARANT): GF,
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR): APE,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call or to write to; the address is one where their mails may go."""

    kind: str
    name: str
    email: str
    phone: str = ""
    profile_id: int = 0
    has_logged_in: bool = False

    def __str__(self) -> str:
        return " · ".join(filter(None, (f"{self.name} ({self.kind})", self.email, self.phone)))

    @property
    def text(self) -> str:
        return f"{self.name}, {self.email}"


@dataclass(slots=True)
class Known:
    """The people of some places, by the number of their site or of their legal entity."""

    at_site: dict[int, list[Person]] = field(default_factory=dict)
    at_entity: dict[int, list[Person]] = field(default_factory=dict)
    at_any_site: dict[int, list[Person]] = field(default_factory=dict)  # by legal entity

    def of(self, site: int | None, entity: int | None) -> list[Person]:
        """Those of the site before those of its entity; without a site, those of any of them."""
        own = self.at_site.get(site, []) if site else self.at_any_site.get(entity or 0, [])
        return list(dict.fromkeys([*own, *self.at_entity.get(entity or 0, [])]))


def people_at(
    sites: Collection[int], entities: Collection[int], whole: Collection[int] = ()
) -> Known:
    """In one statement; of the entities ``whole``, those of all their sites too."""
    found = Known()
    for right in _rights(sites, entities, whole):
        profile, person = right.profile, _person(right)
        if profile.legal_entity_id:
            found.at_entity.setdefault(profile.legal_entity_id, []).append(person)
            continue
        found.at_site.setdefault(profile.establishment_id or 0, []).append(person)
        entity = profile.establishment.legal_entity_id
        found.at_any_site.setdefault(entity, []).append(person)
    return found


def _rights(
    sites: Collection[int], entities: Collection[int], whole: Collection[int]
) -> Iterable[Habilitation]:
    kinds = Q()
    for domain, role in KINDS:
        kinds |= Q(domain=domain, role=role)
    rows = Habilitation.objects.in_force().filter(
        kinds,
        Q(profile__establishment__in=sites)
        | Q(profile__legal_entity__in=entities)
        | Q(profile__establishment__legal_entity__in=whole),
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    named = ("profile__user__last_name", "profile__user__first_name", "pk")
    return rows.select_related("profile__user", "profile__establishment").order_by(*named)


def _person(right: Habilitation) -> Person:
    """What the person gave for this profile, else their account's."""
    profile, user = right.profile, right.profile.user
    return Person(
        KINDS[Domain(right.domain), Role(right.role)],
        str(user),
        profile.mail_address,
        profile.phone or user.phone,
        profile.pk,
        user.last_login is not None,
    )
