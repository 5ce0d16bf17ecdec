"""The part of the journal that one may read, narrowed by what was asked, newest first.

Pages follow each other by the last line shown (« avant »), never by a number: the hundredth page of
a journal of millions of lines costs what the first one does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.journal_page.details import Pair, readable
from accounts.journal_page.filtering import WORDS, less_words, narrowed
from accounts.journal_page.labels import LABELS, label_of
from accounts.models import User
from common.identifiers import format_finess
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action, Perimeter
from journal.models import Entry

PER_PAGE = 50
CHUNK = 2_000
WALKED = 15_000  # lines read by date before the index of words is asked
FEW = ("personne", "requete")  # filters that leave few lines
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
    "request_id",
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
    request_id: str


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


def first_lines(
    entries: QuerySet[Entry], last: int | None, chosen: dict[str, Any], most: int
) -> list[Line]:
    """The first that come after a line; words that most lines hold are met at once, walking back.

    Those that few hold are found by the index of words, then sorted: PostgreSQL cannot tell one
    from the other when it is asked for the beginnings of words.
    """
    if any(map(chosen.get, WORDS)) and not any(map(chosen.get, FEW)):
        walk = after(narrowed(entries, less_words(chosen)), last, {})
        edge = list(walk.values_list("at", flat=True)[WALKED : WALKED + 1])
        if edge:
            near = after(narrowed(entries, chosen).filter(at__gte=edge[0]), last, {})
            lines = list(lines_of(near[:most]))
            if len(lines) == most:
                return lines
    return list(lines_of(after(narrowed(entries, chosen), last, chosen)[:most]))


def after(entries: QuerySet[Entry], last: int | None, chosen: dict[str, Any]) -> QuerySet[Entry]:
    """Those that come after the last line of a page, in the order of the list."""
    moment = Entry.objects.filter(pk=last).values_list("at", flat=True).first() if last else None
    if moment is not None:
        entries = entries.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=last), at__lte=moment)
    if any(map(chosen.get, (*FEW, *WORDS))):
        return _sorted_once_found(entries)
    return entries.order_by("-at", "-pk")


def _sorted_once_found(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Read what a person or a request did, what holds a word, by their indexes, then sort it.

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
    pk, at, verb, first_name, last_name, username, profile, target, finess, *rest = row
    details, request_id = rest
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
        request_id=request_id,
    )
