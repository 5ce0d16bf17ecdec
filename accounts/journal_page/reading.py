"""The part of the journal that one may read, narrowed by what was asked, newest first.

Pages follow each other by the last line shown (« avant »), never by a number: the hundredth page of
a journal of millions of lines costs what the first one does.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.journal_page.details import Pair, readable
from accounts.journal_page.labels import LABELS, choices, label_of
from accounts.models import User
from common.identifiers import format_finess
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action, Perimeter
from journal.models import Entry

PER_PAGE = 50
CHUNK = 2_000
NAMED = 20  # people or places that the words of a filter may stand for
FIELDS = (
    "pk",
    "at",
    "verb",
    "by__first_name",
    "by__last_name",
    "by__username",
    "profile",
    "target",
    "finess",
    "details",
)
PLACE = FIELDS.index("finess")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words."""

    pk: int
    at: datetime
    title: str
    who: str
    sentence: str
    profile: str
    target: str
    place: str
    details: list[Pair]


class JournalFilter(forms.Form):
    """Two days, a person, a place, an action; each narrows the others.

    ``verbs`` are the actions to offer; one that was asked for by its address stays chosen.
    """

    du = forms.DateField(label="Du", required=False, widget=forms.DateInput({"type": "date"}))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput({"type": "date"}))
    personne = forms.CharField(label="Personne", required=False, max_length=100)
    etablissement = forms.CharField(
        label="Établissement (nom ou FINESS)", required=False, max_length=100
    )
    action = forms.ChoiceField(label="Action", required=False)

    def __init__(self, *args: Any, verbs: Set[str] = frozenset(LABELS), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = verbs | {self.data.get("action", "")}
        self.fields["action"].choices = [("", "Toutes les actions"), *choices(offered)]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or {}
        first, last = chosen.get("du"), chosen.get("au")
        if first and last and first > last:
            self.add_error("au", "Le dernier jour vient après le premier.")
        return chosen


def entries_of(user: User) -> QuerySet[Entry]:
    """What happened in one's perimeter; what belongs to no place is for the country."""
    return Entry.objects.filter(within(user.perimeter_to(Action.JRN_READ)))


def verbs_of(entries: QuerySet[Entry]) -> frozenset[str]:
    """The actions that are found there, each by one look at an index, however long the journal."""
    # of the whole journal, PostgreSQL takes the index of the verbs only when it is asked an order
    entries = entries.order_by() if entries.query.where else entries.order_by("-at")
    known = entries.filter(verb=RawSQL("known.verb", ())).values("pk")[:1]
    try:
        one, parameters = known.query.sql_with_params()
    except EmptyResultSet:
        return frozenset()
    each = f"LATERAL ({one}) AS found"  # our own words: what is asked is in the parameters
    statement = f"SELECT known.verb FROM unnest(%s::text[]) AS known (verb), {each}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(LABELS), *parameters])
        return frozenset(verb for (verb,) in cursor.fetchall())


def within(perimeter: Perimeter) -> Q:
    """The journal knows places by their numbers only: those of the perimeter are read first."""
    if perimeter.is_national:
        return Q()
    sites = Establishment.objects.filter(
        Q(pk__in=perimeter.establishment_ids) | Q(legal_entity__in=perimeter.legal_entity_ids)
    )
    entities = LegalEntity.objects.filter(pk__in=perimeter.legal_entity_ids)
    numbers = [*sites.values_list("finess", flat=True), *entities.values_list("finess", flat=True)]
    reached = Q(pk__in=[])
    if perimeter.region_codes:
        reached |= Q(region_code__in=perimeter.region_codes)
    if perimeter.department_codes:
        reached |= Q(department_code__in=perimeter.department_codes)
    return reached | Q(finess__in=numbers) if numbers else reached


def narrowed(entries: QuerySet[Entry], chosen: dict[str, Any]) -> QuerySet[Entry]:
    """Keep what the filter asks; words that match nobody keep nothing."""
    if day := chosen.get("du"):
        entries = entries.filter(at__gte=_midnight(day))
    if day := chosen.get("au"):
        entries = entries.filter(at__lt=_midnight(day + timedelta(days=1)))
    if verb := chosen.get("action"):
        entries = entries.filter(verb=verb)
    if words := chosen.get("personne"):
        entries = entries.filter(_of_person(words))
    if words := chosen.get("etablissement"):
        entries = entries.filter(finess__in=_numbers_of(words))
    return entries


def after(
    entries: QuerySet[Entry], last: int | None, chosen: dict[str, Any] | None = None
) -> QuerySet[Entry]:
    """Those that come after the last line of a page, in the order of the list."""
    moment = Entry.objects.filter(pk=last).values_list("at", flat=True).first() if last else None
    if moment is not None:
        entries = entries.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=last), at__lte=moment)
    if chosen and chosen.get("personne"):
        return _sorted_once_found(entries)
    return entries.order_by("-at", "-pk")


def _sorted_once_found(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Read what a person did by the indexes of people, then sort it.

    PostgreSQL would rather walk the whole journal by its dates, hoping to meet them soon.
    """
    moment = ExpressionWrapper(F("at") + timedelta(0), output_field=DateTimeField())
    return entries.order_by(moment.desc(), "-pk")


def lines_of(entries: QuerySet[Entry]) -> Iterator[Line]:
    """In words, with the names of the places: three queries for a page, as many a chunk after."""
    rows = entries.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        names = places_named({row[PLACE] for row in chunk if row[PLACE]})
        yield from (_line(row, names) for row in chunk)


def places_named(numbers: set[str]) -> dict[str, str]:
    """« Hôpital de la Rive (45 099 011 4) », for establishments and legal entities alike."""
    found: dict[str, str] = {}
    for model in (LegalEntity, Establishment):
        named = model.objects.filter(finess__in=numbers).values_list("finess", "name")
        found |= {number: f"{name} ({format_finess(number)})" for number, name in named}
    return found


def _line(row: Sequence[Any], names: dict[str, str]) -> Line:
    pk, at, verb, first_name, last_name, username, profile, target, finess, details = row
    label = label_of(verb)
    return Line(
        pk=pk,
        at=at,
        title=label.title,
        who=f"{first_name or ''} {last_name or ''}".strip() or username or label.nobody,
        sentence=label.sentence,
        profile=profile,
        target=target,
        place=names.get(finess, format_finess(finess) if finess else ""),
        details=readable(details),
    )


def _of_person(words: str) -> Q:
    """What they did, and what was done to their account or on their profiles."""
    people = list(User.objects.search(words).order_by("pk").values_list("pk", "username")[:NAMED])
    found = Q(by__in=[pk for pk, _ in people])
    for _, username in people:
        found |= Q(target=username) | Q(target__startswith=f"{username} · ")
    return found


def _numbers_of(words: str) -> list[str]:
    """An entity answers for its sites too."""
    entities = list(LegalEntity.objects.search(words).order_by("pk")[:NAMED])
    sites = Establishment.objects.search(words).order_by("pk").values_list("finess", flat=True)
    own = Establishment.objects.filter(legal_entity__in=entities).values_list("finess", flat=True)
    return [*(one.finess for one in entities), *sites[:NAMED], *own]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
