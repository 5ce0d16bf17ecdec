"""A request as the lists show it: who asks for what, what to know of it, who decides."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.deciders import Deciders, deciders_of_each
from accounts.decisions.facts import Fact, Knowledge
from accounts.decisions.inbox import requests_to_decide
from accounts.models import AccessRequest, Habilitation, Level, Profile, User
from establishments.models import Establishment

Outcome = AccessRequest.Outcome
SHOWN = ("profile__user", "profile__establishment", "profile__legal_entity", "profile__body")
RELATED = (  # of one request, all that its page shows
    *SHOWN,
    "profile__establishment__category",
    "profile__establishment__legal_entity__legal_status",
    "profile__establishment__region",
    "profile__legal_entity__region",
    "profile__body__region",
    "asked_by",
    "first_by",
    "decided_by",
    "replaces__establishment",
    "replaces__legal_entity",
    "replaces__body",
)
OF_DECIDERS = ("profile__establishment__region", "profile__legal_entity__region")
HAYSTACKS = tuple(f"{path}__haystack" for path in SHOWN[:3])
LOOKS = {
    Outcome.ACCEPTED: ("ok", "fr-icon-checkbox-circle-line"),
    Outcome.REFUSED: ("erreur", "fr-icon-close-circle-line"),
    Outcome.CANCELLED: ("", "fr-icon-archive-line"),
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One line of the lists of requests, for the person who reads it."""

    request: AccessRequest
    rights: list[Habilitation]
    facts: list[Fact] = field(default_factory=list)
    who: str = ""
    is_own: bool = False
    may_decide: bool = False
    may_withdraw: bool = False

    @property
    def user(self) -> User:
        return self.request.profile.user

    @property
    def url(self) -> str:
        return reverse("plage:request", args=[self.request.pk])

    @property
    def title(self) -> str:
        """« Profil sur Hôpital de la Rive », « 2 habilitations de plus sur… »."""
        profile = self.request.profile
        if self.is_more:
            count = len(self.rights)
            mark = "s" if count > 1 else ""
            return f"{count} habilitation{mark} de plus sur {profile.entity}"
        return f"Profil sur {profile.entity}"

    @property
    def is_more(self) -> bool:
        """Whether the profile was there before the request."""
        profile = self.request.profile
        if self.request.is_open:
            return profile.state != Profile.State.PENDING
        return profile.decided_at is not None and profile.decided_at < self.request.asked_at

    @property
    def asked(self) -> str:
        """« EPI-Stocks : Opérateur d’inventaire EPI · Distrilog-Santé : … »."""
        return " · ".join(
            f"{one.get_domain_display()} : {one.get_role_display()}" for one in self.rights
        )

    @property
    def since(self) -> str:
        return days_since(self.request.asked_at)

    @property
    def outcome(self) -> str:
        """« Acceptée le 12/11/2026 par Nadia Benali »."""
        request = self.request
        if request.closed_at is None:
            return ""
        by = f" par {request.decided_by}" if request.decided_by else ""
        when = f"{timezone.localtime(request.closed_at):%d/%m/%Y}"
        return f"{request.get_outcome_display().capitalize()} le {when}{by}"

    @property
    def look(self) -> tuple[str, str]:
        """The class and the icon of how it ended."""
        return LOOKS[Outcome(self.request.outcome)]


def days_since(moment: datetime) -> str:
    """« aujourd’hui », « 1 jour », « 5 jours », by the days in Paris."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days <= 0:
        return "aujourd’hui"
    return f"{days} jour{'s' if days > 1 else ''}"


def read_requests(numbers: Sequence[int], *more: str) -> list[AccessRequest]:
    """These requests in their order, with what a list shows of them, and ``more`` by joins.

    What is seldom there is read apart: a statement that joins it all takes longer to be planned
    than to be done.
    """
    rows = AccessRequest.objects.select_related(*SHOWN, *more).defer(*HAYSTACKS)
    former = Profile.objects.with_entity()
    seldom = (Prefetch("replaces", queryset=former), "first_by", "decided_by")
    rights = Prefetch("habilitations", to_attr="rights")  # a list: a queryset each costs more
    found = rows.prefetch_related(rights, *seldom).in_bulk(numbers)
    return [found[number] for number in numbers]


def with_place(request: AccessRequest) -> AccessRequest:
    """The request with what its establishment offers, in one statement."""
    profile = request.profile
    if profile.establishment_id:
        sites = Establishment.objects.select_related("category", "legal_entity__legal_status")
        profile.establishment = sites.get(pk=profile.establishment_id)
    return request


def request_lines(
    requests: Sequence[AccessRequest],
    user: User,
    *,
    with_facts: bool = False,
    with_deciders: bool = False,
    decidable: Container[int] | None = None,
) -> list[RequestLine]:
    """The lines of these requests, in as many queries as for one.

    ``with_facts``: what to know before deciding. ``with_deciders``: who decides, and whether
    ``user`` may (``decidable``: when it is known already). A list asks for what it shows.
    """
    shown = [one for one in requests if one.is_open] if with_facts else []
    knowledge = Knowledge(shown) if shown else None
    whos = _whos(requests, user) if with_deciders else {}
    if decidable is None:
        decidable = _decidable(requests, user) if with_deciders else ()
    return [
        RequestLine(
            request=one,
            rights=one.rights,
            facts=knowledge.facts(one) if knowledge and one.is_open else [],
            who=whos.get(one.pk, ""),
            is_own=one.profile.user_id == user.pk,
            may_decide=one.pk in decidable,
            may_withdraw=one.is_open and one.first_by_id == user.pk,
        )
        for one in requests
    ]


def _decidable(requests: Sequence[AccessRequest], user: User) -> set[int]:
    found = requests_to_decide(user).filter(pk__in=[one.pk for one in requests])
    return set(found.values_list("pk", flat=True))


def _whos(requests: Sequence[AccessRequest], user: User) -> dict[int, str]:
    asked = [(one.profile.entity, Level(one.level)) for one in requests]
    return {
        one.pk: _who(one, deciders, user)
        for one, deciders in zip(requests, deciders_of_each(asked), strict=True)
    }


def _who(request: AccessRequest, deciders: Deciders, user: User) -> str:
    """Who decides, by name, and why it is not the person who reads."""
    out = {request.profile.user_id, request.asked_by_id, request.first_by_id}
    names = [str(one) for one in deciders.people if one.pk not in out]
    if request.level == Level.NATIONAL:
        return _who_at_national_level(request, user)
    people = ", ".join(names[:3]) + (" et d’autres" if len(names) > 3 else "")
    if request.profile.user_id == user.pk:
        return f"Personne ne décide de sa propre demande : {_or_ars(people, deciders)}."
    if deciders.level == Level.ARS:
        return f"{deciders.body_name or 'L’ARS'}."
    late = " Remontée à l’ARS, qui peut aussi décider." if request.escalated_at else ""
    return f"{_or_ars(people, deciders)}.{late}"


def _or_ars(people: str, deciders: Deciders) -> str:
    if not people or deciders.level == Level.ARS:
        return deciders.body_name or "l’ARS"
    return f"{people}, ou l’ARS"


def _who_at_national_level(request: AccessRequest, user: User) -> str:
    if request.first_by_id == user.pk:
        return "Vous avez donné un premier accord : une autre personne de la cellule nationale."
    if request.first_by:
        return f"La cellule nationale, après le premier accord de {request.first_by}."
    return "La cellule nationale, à deux personnes."
