"""Whom to call about a pharmacy: its own contact, those who declare (GF), those who administer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role
from pui.models import Pui

KINDS = {
    (Domain.DISPOSTOCK, Role.DECLARANT): "GF",
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR): "APE",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a profile on the site, or on its legal entity."""

    kind: str
    name: str
    email: str
    phone: str
    profile_id: int = 0

    def __str__(self) -> str:
        return " · ".join(filter(None, (f"{self.name} ({self.kind})", self.email, self.phone)))


def people_of(puis: Iterable[Pui]) -> dict[int, list[Person]]:
    """By pharmacy, the GFs first, those of the site before those of its entity; one statement.

    The establishments are read with the pharmacies: ``select_related("establishment")``.
    """
    puis = list(puis)
    sites = {pui.establishment_id for pui in puis}
    entities = {pui.establishment.legal_entity_id for pui in puis}
    by_place: dict[tuple[str, int], list[Person]] = {}
    for right in _rights(sites, entities):
        profile = right.profile
        key = (
            ("site", profile.establishment_id)
            if profile.establishment_id
            else ("entity", profile.legal_entity_id)
        )
        by_place.setdefault(key, []).append(_person(right))
    return {
        pui.pk: sorted(
            [
                *by_place.get(("site", pui.establishment_id), []),
                *by_place.get(("entity", pui.establishment.legal_entity_id), []),
            ],
            key=lambda one: one.kind != "GF",
        )
        for pui in puis
    }


def _rights(sites: set[int], entities: set[int]) -> Iterable[Habilitation]:
    kinds = Q()
    for domain, role in KINDS:
        kinds |= Q(domain=domain, role=role)
    return (
        Habilitation.objects.in_force()
        .filter(
            kinds,
            Q(profile__establishment__in=sites) | Q(profile__legal_entity__in=entities),
            profile__state=Profile.State.ACTIVE,
            profile__user__is_active=True,
        )
        .select_related("profile__user")
        .order_by("profile__user__last_name", "profile__user__first_name", "pk")
    )


def _person(right: Habilitation) -> Person:
    """What the person gave for this profile, else their account's."""
    profile, user = right.profile, right.profile.user
    return Person(
        KINDS[Domain(right.domain), Role(right.role)],
        str(user),
        profile.email or user.email,
        profile.phone or user.phone,
        profile.pk,
    )


def recipients_of(pui: Pui, people: Iterable[Person]) -> list[str]:
    """Those who declare; else the pharmacy's own address, else those who administer."""
    people = list(people)
    declarants = [one.email for one in people if one.kind == "GF"]
    own = [pui.contact_email] if pui.contact_email else []
    others = [one.email for one in people if one.kind != "GF"]
    found: list[str] = next((some for some in (declarants, own, others) if some), [])
    return list(dict.fromkeys(found))


def own_contact(pui: Pui) -> str:
    """« Secrétariat de la pharmacie · 02 61 91 00 00 · astreinte 02 61 91 00 01 »."""
    on_call = f"astreinte {pui.on_call_phone}" if pui.on_call_phone else ""
    parts = (pui.contact_name, pui.contact_phone, pui.contact_email, on_call)
    return " · ".join(filter(None, parts))
