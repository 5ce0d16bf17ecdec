"""Whom to write to and to call about an establishment's equipment: those who type its inventory."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role
from establishments.models import Establishment

KINDS: Final = {
    (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR): "inventaire EPI",
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR): "APE",
}


def recipients(sites: Iterable[Establishment]) -> list[str]:
    """Of each site: those who type its inventory, else those who administer it."""
    return list(dict.fromkeys(address for site in sites for address in _addresses(site)))


def _addresses(site: Establishment) -> list[str]:
    rights = list(_rights(site))
    operators = [one for one in rights if one.role == Role.INVENTORY_OPERATOR]
    profiles = [one.profile for one in operators or rights]
    return [one.email or one.user.email for one in profiles]


def people(site: Establishment) -> list[str]:
    """« Camille Martin (inventaire EPI) · camille.martin@ch.example · 02 61 91 00 00 »."""
    return [
        " · ".join(
            filter(
                None,
                (
                    f"{one.profile.user} ({KINDS[Domain(one.domain), Role(one.role)]})",
                    one.profile.mail_address,
                    one.profile.phone or one.profile.user.phone,
                ),
            )
        )
        for one in _rights(site)
    ]


def _rights(site: Establishment) -> Iterable[Habilitation]:
    kinds = Q()
    for domain, role in KINDS:
        kinds |= Q(domain=domain, role=role)
    found = Habilitation.objects.in_force().filter(
        kinds,
        Q(profile__establishment=site) | Q(profile__legal_entity=site.legal_entity_id),
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    rows = found.select_related("profile__user").order_by("profile__user__last_name", "pk")
    return sorted(rows, key=lambda one: one.role != Role.INVENTORY_OPERATOR)
