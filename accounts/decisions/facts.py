"""What to know of who asks, before deciding: what one would otherwise check by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import AccessRequest, Profile, User
from common import among  # noqa: F401 - registers the lookup

OK, ATTENTION, TIME = "ok", "attention", "temps"
ICONS = {
    OK: "fr-icon-checkbox-circle-line",
    ATTENTION: "fr-icon-warning-line",
    TIME: "fr-icon-time-line",
}
# fmt: off
PUBLIC_MAIL = frozenset({
    "aol.com", "bbox.fr", "free.fr", "gmail.com", "gmx.fr", "hotmail.com", "hotmail.fr",
    "icloud.com", "laposte.net", "live.fr", "msn.com", "neuf.fr", "orange.fr", "outlook.com",
    "outlook.fr", "proton.me", "protonmail.com", "sfr.fr", "wanadoo.fr", "yahoo.com", "yahoo.fr",
})
# fmt: on
Domains = dict[tuple[str, int | None], dict[str, set[int]]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know, with its colour and its icon; the words say it all."""

    text: str
    kind: str

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


class Knowledge:
    """What is known about the people of some requests, in as many queries as for one."""

    def __init__(self, requests: Sequence[AccessRequest]) -> None:
        profiles = [one.profile for one in requests]
        self.verified = _verified({profile.user_id for profile in profiles})
        self.domains = _domains_of_places(profiles)

    def facts(self, request: AccessRequest) -> list[Fact]:
        """What the column « À savoir » says."""
        found = [self._address(request)]
        if request.profile.state == Profile.State.ACTIVE:
            found.append(_since(request.profile))
        if request.replaces:
            found.append(_change_of_employer(request.replaces))
        if request.first_by:
            is_proposed = request.first_by_id == request.asked_by_id
            word = "Proposée" if is_proposed else "Premier accord"
            found.append(Fact(f"{word} par {request.first_by} le {_day(request.first_at)}", TIME))
        if request.escalated_at:
            found.append(Fact(f"Remontée à l’ARS le {_day(request.escalated_at)}", TIME))
        if request.reminded_at:
            found.append(Fact(f"Relancée le {_day(request.reminded_at)}", TIME))
        return found

    def _address(self, request: AccessRequest) -> Fact:
        user = request.profile.user
        if (user.pk, user.email.lower()) not in self.verified:
            return Fact("Adresse non vérifiée", ATTENTION)
        domain = _domain(user.email)
        if domain in PUBLIC_MAIL:
            return Fact("Adresse vérifiée, messagerie grand public", ATTENTION)
        known = self.domains[_place_of(request.profile)]
        others = {name for name, people in known.items() if people - {user.pk}}
        if not others:
            return Fact("Adresse vérifiée ; aucun autre profil ici pour comparer son domaine", TIME)
        place = "la structure" if request.profile.body_id else "l’établissement"
        if domain in others:
            return Fact(f"Adresse vérifiée, domaine de {place}", OK)
        return Fact(f"Adresse vérifiée, mais hors du domaine de {place}", ATTENTION)


def _since(profile: Profile) -> Fact:
    return Fact(f"Profil actif depuis le {_day(profile.decided_at or profile.requested_at)}", OK)


def _change_of_employer(former: Profile) -> Fact:
    if former.state == Profile.State.ENDED and former.decided_at:
        end = f"son profil sur {former.entity} est terminé depuis le {_day(former.decided_at)}"
    else:
        end = f"son profil sur {former.entity} est {former.get_state_display()}"
    return Fact(f"Change d’employeur : {end}", TIME)


def _day(at) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}"


def _verified(people: set[int]) -> set[tuple[int, str]]:
    """Each person with each of their verified addresses."""
    addresses = EmailAddress.objects.filter(user__pk__among=people, verified=True)
    return {(person, email.lower()) for person, email in addresses.values_list("user", "email")}


def _place_of(profile: Profile) -> tuple[str, int | None]:
    """The legal entity with its sites is one place; a body is another."""
    if profile.body_id:
        return "body", profile.body_id
    return "entity", profile.legal_entity_in_reach_id


def _domains_of_places(profiles: Iterable[Profile]) -> Domains:
    """The domains of the addresses in use in each place, each with whose they are.

    The people of the places by their own columns, then their addresses by number: joined, all the
    accounts would be read.
    """
    places = {_place_of(profile) for profile in profiles}
    bodies = {number for kind, number in places if kind == "body"}
    entities = {number for kind, number in places if kind == "entity"}
    usable = Profile.objects.usable().order_by()
    of_sites = usable.filter(establishment__legal_entity__pk__among=entities)
    held = usable.filter(body__in=bodies).values_list("body", "legal_entity", "user")
    held = held.union(
        usable.filter(legal_entity__pk__among=entities).values_list("body", "legal_entity", "user"),
        of_sites.values_list("body", "establishment__legal_entity", "user"),
    )
    people = [(("body", body) if body else ("entity", entity), one) for body, entity, one in held]
    addresses = User.objects.filter(pk__among={one for _, one in people}, is_active=True)
    emails = addresses.order_by().values_list("pk", "email")
    domains = {one: _domain(email) for one, email in emails}
    found: Domains = defaultdict(lambda: defaultdict(set))
    for place, one in people:
        if one in domains:
            found[place][domains[one]].add(one)
    return found


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
