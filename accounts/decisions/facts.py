"""What to know of who asks, before deciding: what one would otherwise check by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import CharField, Count, F, Func, Min, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from accounts.models import AccessRequest, Profile
from establishments.models import Establishment

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
            word = "Proposée" if request.first_by == request.asked_by else "Premier accord"
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
        domain = user.email.rpartition("@")[2].lower()
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
    addresses = EmailAddress.objects.filter(user__in=people, verified=True)
    return {(person, email.lower()) for person, email in addresses.values_list("user", "email")}


def _place_of(profile: Profile) -> tuple[str, int | None]:
    """The legal entity with its sites is one place; a body is another."""
    if profile.body_id:
        return "body", profile.body_id
    return "entity", profile.legal_entity_in_reach_id


def _domains_of_places(profiles: Iterable[Profile]) -> Domains:
    """The domains of the addresses in use in each place; for each, two of its people suffice."""
    places = {_place_of(profile) for profile in profiles}
    bodies = {number for kind, number in places if kind == "body"}
    entities = {number for kind, number in places if kind == "entity"}
    sites = Establishment.objects.filter(legal_entity__in=entities).order_by()
    rows = (
        Profile.objects.usable()
        .filter(  # by three of its own columns: a join in the OR would read all the profiles
            Q(body__in=bodies)
            | Q(legal_entity__in=entities)
            | Q(establishment__in=set(sites.values_list("pk", flat=True))),
            user__is_active=True,
        )
        .order_by()
        .annotate(
            domain=_domain("user__email"),
            entity=Coalesce(F("establishment__legal_entity"), F("legal_entity")),
        )
        .values_list("body", "entity", "domain")
        .annotate(one=Min("user"), people=Count("user", distinct=True))
    )
    found: Domains = defaultdict(dict)
    for body, entity, domain, one, people in rows:
        place = ("body", body) if body else ("entity", entity)
        found[place][domain] = {one} if people == 1 else {one, -1}  # -1: somebody else besides
    return found


def _domain(path: str) -> Func:
    part = Func(F(path), Value("@"), Value(2), function="split_part", output_field=CharField())
    return Lower(part)
