"""Whom to call: the administrators (APE) of a site, or of its legal entity."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role
from epi_stocks.dashboard.establishments import LateSite

NOBODY = "aucun APE"


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    phone: str

    def __str__(self):
        return " · ".join(filter(None, (f"{self.name} (APE)", self.email, self.phone)))


def administrators_of(sites: Iterable[LateSite]) -> dict[int, list[Contact]]:
    """The APEs by establishment: those of the site first, then those of its entity."""
    sites = list(sites)
    rights = (
        Habilitation.objects.in_force()
        .filter(
            Q(profile__establishment__in=[site.establishment_id for site in sites])
            | Q(profile__legal_entity__in={site.legal_entity_id for site in sites}),
            domain=Domain.ADMINISTRATION,
            role=Role.ADMINISTRATOR,
            profile__state=Profile.State.ACTIVE,
        )
        .select_related("profile__user")
        .order_by("profile__user__last_name", "profile__user__first_name", "pk")
    )
    by_site: dict[int | None, list[Contact]] = {}
    by_entity: dict[int | None, list[Contact]] = {}
    for right in rights:
        profile, contact = right.profile, _contact(right.profile)
        by_site.setdefault(profile.establishment_id, []).append(contact)
        by_entity.setdefault(profile.legal_entity_id, []).append(contact)
    return {
        site.establishment_id: [
            *by_site.get(site.establishment_id, []),
            *by_entity.get(site.legal_entity_id, []),
        ]
        for site in sites
    }


def _contact(profile: Profile) -> Contact:
    """What the person gave for this profile, else their account's."""
    user = profile.user
    return Contact(str(user), profile.email or user.email, profile.phone or user.phone)
