"""Which places have an APE, and what is under way where there is none [001].

A place is an open establishment; or an open entity without any, as a group (GCS) whose pharmacy
stands at another's may be. An APE of the entity is the APE of each of its sites. Who administers
what is read once, as sets of numbers: asked of each row, the database would read it as many times.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Domain, Habilitation, Invitation, Level, Profile, Role
from accounts.models.entity import inside
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Perimeter

Place = Establishment | LegalEntity
SITE, ENTITY = "ET", "EJ"
APE = {"domain": Domain.ADMINISTRATION, "role": Role.ADMINISTRATOR}
AT_ONCE = 1000
SITE_FIELDS = (
    "finess", "name", "town", "category__label", "department__code", "department__name",
    "legal_entity__finess", "legal_entity__name",
)  # fmt: skip
ENTITY_FIELDS = ("finess", "name", "town", "department__code", "department__name")


class Situation(models.TextChoices):
    """Where a place stands."""

    LONELY = "sans-ape", "Sans APE"
    IDLE = "rien", "Sans APE, rien en cours"
    ASKED = "demande", "Demande d’APE en attente"
    INVITED = "invite", "APE invité"
    EXPIRED = "expiree", "Invitation expirée"
    HELD = "avec-ape", "Avec APE"


class Covered(NamedTuple):
    """The places where something is, by themselves or by their entity."""

    sites: frozenset[int]
    entities: frozenset[int]

    def has(self, key: "PlaceKey") -> bool:
        return key.entity in self.entities or (key.kind == SITE and key.number in self.sites)

    def __or__(self, other: "Covered") -> "Covered":
        return Covered(self.sites | other.sites, self.entities | other.entities)


class PlaceKey(NamedTuple):
    """A place as lists order and count it; ``entity`` is itself for an entity."""

    kind: str
    number: int
    entity: int
    sort_name: str
    finess: str
    town: str
    has_ape: bool


@dataclass(slots=True, repr=False)  # shown in an error, the rows would be read one by one
class PlaceLine:
    """A place, its APE, and what is under way."""

    place: Place
    kind: str
    held: list[Habilitation] = field(default_factory=list)
    asked: list[Habilitation] = field(default_factory=list)
    invited: list[Invitation] = field(default_factory=list)

    @property
    def entity(self) -> LegalEntity:
        return self.place.legal_entity if isinstance(self.place, Establishment) else self.place

    @property
    def invitation(self) -> Invitation | None:
        """The one to speak of: a link that still opens, else the last that expired."""
        return max(self.invited, key=lambda one: one.expires_at or one.created_at, default=None)

    @property
    def situation(self) -> Situation:
        """What matters first: a request waits for somebody, an APE is there, one is expected."""
        if self.asked:
            return Situation.ASKED
        if self.held:
            return Situation.HELD
        if self.invitation is None:
            return Situation.IDLE
        is_over = self.invitation.state == Invitation.State.EXPIRED
        return Situation.EXPIRED if is_over else Situation.INVITED


def holders() -> QuerySet[Habilitation]:
    """The habilitations of APE in force."""
    rows: QuerySet[Habilitation] = Habilitation.objects.in_force().filter(
        profile__state=Profile.State.ACTIVE, profile__user__is_active=True, **APE
    )
    return rows


def askers() -> QuerySet[Habilitation]:
    """Those asked for, which an ARS has not decided yet."""
    rows: QuerySet[Habilitation] = Habilitation.objects.filter(
        state=Habilitation.State.PENDING,
        request__isnull=False,
        request__closed_at__isnull=True,
        **APE,
    )
    return rows


def invitations() -> QuerySet[Invitation]:
    """Those of future APEs that left and wait for an answer; no other is of this level."""
    rows: QuerySet[Invitation] = Invitation.objects.living().filter(
        level=Level.ARS, sent_at__isnull=False
    )
    return rows


class Coverage:
    """Who administers, asks to, or is invited to, in a perimeter: three statements."""

    def __init__(self, perimeter: Perimeter):
        now = timezone.now()
        sent = invitations().filter(inside(perimeter), expires_at__isnull=False)
        rows = list(sent.order_by().values_list("establishment", "legal_entity", "expires_at"))
        self.held = covered(_places_of(holders(), perimeter))
        waiting = list(_places_of(askers(), perimeter))
        self.asked, self.requests = covered(waiting), len(waiting)
        self.invited = covered((site, entity) for site, entity, ends in rows if ends > now)
        self.expired = covered((site, entity) for site, entity, ends in rows if ends <= now)
        self.busy = self.held | self.asked | self.invited | self.expired

    def is_in(self, situation: str, key: PlaceKey) -> bool:
        """Whether a place is in a situation. A request is told even where there is an APE."""
        match situation:
            case Situation.HELD:
                return self.held.has(key)
            case Situation.LONELY:
                return not self.held.has(key)
            case Situation.ASKED:
                return self.asked.has(key)
            case Situation.IDLE:
                return not self.busy.has(key)
        if self.held.has(key) or self.asked.has(key):
            return False
        if situation == Situation.INVITED:
            return self.invited.has(key)
        return self.expired.has(key) and not self.invited.has(key)


def covered(places: Iterable[tuple[int | None, int | None]]) -> Covered:
    """Gather (establishment, entity) couples, one of which is none."""
    found = list(places)
    return Covered(
        frozenset(site for site, _ in found if site),
        frozenset(entity for _, entity in found if entity),
    )


def sites_within(perimeter: Perimeter) -> QuerySet[Establishment]:
    rows: QuerySet[Establishment] = Establishment.objects.open().within(perimeter)
    return rows


def entities_within(perimeter: Perimeter) -> QuerySet[LegalEntity]:
    """The entities of the regions that have no open site: the others are met by their sites."""
    sites = Establishment.objects.open().filter(legal_entity=OuterRef("pk"))
    rows: QuerySet[LegalEntity] = LegalEntity.objects.open().filter(
        ~Exists(sites), region__in=perimeter.region_codes
    )
    return rows


def keys_of(
    coverage: Coverage,
    sites: QuerySet[Establishment],
    entities: QuerySet[LegalEntity],
    situation: str = "",
) -> list[PlaceKey]:
    """Both kinds in one list, those without an APE first."""
    columns = ("sort_name", "finess", "town")
    held_sites, held_entities = coverage.held
    keys = [
        PlaceKey(SITE, *row, row[0] in held_sites or row[1] in held_entities)
        for row in _values(sites, "pk", "legal_entity_id", *columns)
    ]
    keys += [
        PlaceKey(ENTITY, row[0], *row, row[0] in held_entities)
        for row in _values(entities, "pk", *columns)
    ]
    if situation:
        keys = [key for key in keys if coverage.is_in(situation, key)]
    keys.sort(key=attrgetter("has_ape", "sort_name", "finess"))
    return keys


def lines_of(keys: Sequence[PlaceKey]) -> list[PlaceLine]:
    """The lines of these places, in this order, in a few statements whatever their number."""
    sites = Establishment.objects.select_related("legal_entity", "category", "department")
    entities = LegalEntity.objects.select_related("department")
    found: dict[tuple[str, int], PlaceLine] = {}
    for kind, rows in (
        (SITE, sites.only(*SITE_FIELDS)),
        (ENTITY, entities.only(*ENTITY_FIELDS)),
    ):
        numbers = [key.number for key in keys if key.kind == kind]
        for place in rows.filter(pk__in=numbers):
            found[kind, place.pk] = PlaceLine(place, kind)
    _add_people(list(found.values()))
    return [found[key.kind, key.number] for key in keys if (key.kind, key.number) in found]


def every_line(keys: Sequence[PlaceKey]) -> Iterator[PlaceLine]:
    """All the lines of a list, read by the thousand."""
    for start in range(0, len(keys), AT_ONCE):
        yield from lines_of(keys[start : start + AT_ONCE])


def counts_of(coverage: Coverage, keys: Sequence[PlaceKey]) -> dict[str, int]:
    """How many places there are, how many wait for somebody, how many requests to decide."""
    lonely = [key for key in keys if not key.has_ape]
    return {
        "places": len(keys),
        "lonely": len(lonely),
        "idle": sum(not coverage.busy.has(key) for key in lonely),
        "asked": coverage.requests,
    }


def idle_places(perimeter: Perimeter) -> Iterator[Place]:
    """The places without an APE where nothing is under way: those of the file to fill."""
    coverage = Coverage(perimeter)
    places = sites_within(perimeter), entities_within(perimeter)
    keys = keys_of(coverage, *places, situation=Situation.IDLE)
    return (line.place for line in every_line(keys))


def _values(rows: QuerySet[Any], *columns: str) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(*columns)


def _places_of(rows: QuerySet[Habilitation], perimeter: Perimeter) -> QuerySet[Any, Any]:
    """Two lists of numbers made first, against which each row is held: joined, it takes twice."""
    sites = Establishment.objects.order_by().within(perimeter)
    entities = LegalEntity.objects.order_by().filter(region__in=perimeter.region_codes)
    within = rows.order_by().filter(
        Q(profile__establishment__in=sites.values("pk"))
        | Q(profile__legal_entity__in=entities.values("pk"))
    )
    return within.values_list("profile__establishment", "profile__legal_entity")


def _add_people(lines: list[PlaceLine]) -> None:
    sites = {line.place.pk for line in lines if line.kind == SITE}
    entities = {line.entity.pk for line in lines}
    for name, rows, path in (
        ("held", holders(), "profile__"),
        ("asked", askers(), "profile__"),
        ("invited", invitations(), ""),
    ):
        reached = Q(**{f"{path}establishment__in": sites})
        reached |= Q(**{f"{path}legal_entity__in": entities})
        related = ("profile__user", "request") if path else ("invited_by",)
        by_place: dict[tuple[int, int], list[Any]] = {}
        for row in rows.filter(reached).select_related(*related).order_by("pk"):
            where: Any = row.profile if isinstance(row, Habilitation) else row
            key = where.establishment_id or 0, where.legal_entity_id or 0
            by_place.setdefault(key, []).append(row)
        for line in lines:
            own = by_place.get((line.place.pk, 0), []) if line.kind == SITE else []
            setattr(line, name, own + by_place.get((0, line.entity.pk), []))
