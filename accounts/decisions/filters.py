"""The filters of the requests to decide."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.http import HttpRequest

from accounts.decisions.inbox import OF_PLACE, Inbox, PlaceRow
from accounts.models import AccessRequest, Domain, Habilitation
from common import among  # noqa: F401 - registers the lookup
from common.identifiers import format_finess
from establishments.models.search import plain_words

MOST_ENTITIES, MOST_READ = 200, 1000
BODY = "s"  # before the number of a body, which has no FINESS one


class State(TextChoices):
    """Which requests to show; those to decide unless asked."""

    OPEN = "a-decider", "À décider"
    ACCEPTED = "acceptees", "Acceptées"
    REFUSED = "refusees", "Refusées"
    CANCELLED = "annulees", "Annulées"
    ALL = "toutes", "Toutes"


OUTCOMES = {
    State.ACCEPTED: AccessRequest.Outcome.ACCEPTED,
    State.REFUSED: AccessRequest.Outcome.REFUSED,
    State.CANCELLED: AccessRequest.Outcome.CANCELLED,
}


def asks_for_open(data: Mapping[str, str]) -> bool:
    """Whether the requests that still wait are looked at; anything unknown is that."""
    return data.get("etat") not in (*OUTCOMES, State.ALL)


class RequestFilter(django_filters.FilterSet):
    """Narrow by entity, domain, state, and the words of a name, an address or an entity."""

    recherche = django_filters.CharFilter(
        method="search", label="Personne ou entité", max_length=100
    )
    entite = django_filters.ChoiceFilter(method="narrow_entity", label="Entité")
    domaine = django_filters.ChoiceFilter(
        method="narrow_domain", choices=Domain, label="Domaine", empty_label="Tous"
    )
    etat = django_filters.ChoiceFilter(
        method="narrow_state", choices=State, label="État", empty_label=None
    )

    class Meta:
        model = AccessRequest
        fields = []

    def __init__(self, data=None, queryset=None, *, places: Iterable[PlaceRow], **kwargs):
        data = {key: data[key] for key in data} if data else {}
        data.setdefault("etat", State.OPEN)
        super().__init__(data, queryset, **kwargs)
        entities = entities_of(places)
        field = self.form.fields["entite"]
        field.choices, field.empty_label = entities, f"Toutes ({len(entities)})"
        self.form.fields["recherche"].widget.attrs["type"] = "search"
        self.is_valid()  # what is unknown is left out, whichever list is narrowed

    @property
    def is_open(self) -> bool:
        return asks_for_open(self.data)

    def narrow(self, numbers: list[int]) -> list[int]:
        """Those of these requests that it keeps, in their order; all are its own."""
        if not any(value for name, value in self.form.cleaned_data.items() if name != "etat"):
            return numbers
        return [one for one in numbers if one in self.kept]

    @cached_property
    def kept(self) -> set[int]:
        return set(self.qs.order_by().values_list("pk", flat=True))

    def search(self, queryset, name, value):
        for word in plain_words(value):
            place = Q(profile__body__name__icontains=word)
            for path in ("profile__user", "profile__establishment", "profile__legal_entity"):
                place |= Q(**{f"{path}__haystack__contains": f" {word}"})
            queryset = queryset.filter(place)
        return queryset

    def narrow_entity(self, queryset, name, value):
        if value.startswith(BODY):
            return queryset.filter(profile__body=value.removeprefix(BODY))
        place = Q(profile__establishment__finess=value) | Q(profile__legal_entity__finess=value)
        return queryset.filter(place)

    def narrow_domain(self, queryset, name, value):
        rights = Habilitation.objects.filter(request=OuterRef("pk"), domain=value)
        return queryset.filter(Exists(rights))

    def narrow_state(self, queryset, name, value):
        if outcome := OUTCOMES.get(value):
            return queryset.filter(outcome=outcome)
        return queryset


def filter_of(request: HttpRequest, inbox: Inbox) -> RequestFilter:
    """The filter of what is open for somebody."""
    every = AccessRequest.objects.filter(pk__among=inbox.asked_at.keys())
    return RequestFilter(request.GET, every, places=inbox.places)


def latest_places(requests: QuerySet) -> Iterable[PlaceRow]:
    """The entities that the latest of these requests are about."""
    return requests.order_by("-closed_at").values_list(*OF_PLACE)[:MOST_READ]


def entities_of(places: Iterable[PlaceRow]) -> list[tuple[str, str]]:
    """So many of the entities, by name, as choices."""
    found = {}
    for site, site_name, entity, entity_name, body, body_name in places:
        if body:
            found[f"{BODY}{body}"] = body_name
        else:
            kind = "ET" if site else "EJ"
            number = site or entity
            found[number] = f"{site_name or entity_name} ({kind} {format_finess(number)})"
        if len(found) == MOST_ENTITIES:
            break
    return sorted(found.items(), key=lambda item: item[1])
