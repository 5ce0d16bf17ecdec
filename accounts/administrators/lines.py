"""What is read of each place shown: its APE, and what is under way."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.administrators.coverage import ENTITY, SITE, Situation, askers, holders, invitations
from accounts.models import Habilitation, Invitation, Profile
from establishments.models import Establishment, LegalEntity

Place = Establishment | LegalEntity
Where = tuple[int | None, int | None]  # the establishment, or the legal entity
AT_ONCE = 1000
SITE_FIELDS = (
    "finess", "name", "town", "category__label", "department__code", "department__name",
    "legal_entity__finess", "legal_entity__name",
)  # fmt: skip
ENTITY_FIELDS = ("finess", "name", "town", "department__code", "department__name")


class PlaceKey(NamedTuple):
    """A place as lists order it: which of the two tables, and its number there."""

    kind: str
    number: int


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
    def covered_by(self) -> list[Where]:
        """Where what is about this place stands: on itself, then on its entity."""
        of_entity = (None, self.entity.pk)
        return [(self.place.pk, None), of_entity] if self.kind == SITE else [of_entity]

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


def _add_people(lines: list[PlaceLine]) -> None:
    """The rights of their profiles, read by their numbers, and the invitations sent there."""
    on_them = Q(establishment__in={line.place.pk for line in lines if line.kind == SITE})
    on_them |= Q(legal_entity__in={line.entity.pk for line in lines})
    profiles = Profile.objects.order_by().filter(on_them).values_list("pk", flat=True)
    rights = (holders() | askers()).filter(profile__pk__among=list(profiles))
    by_place: dict[Where, list[Any]] = defaultdict(list)
    for right in rights.select_related("profile__user", "request").order_by("pk"):
        by_place[_where(right.profile)].append(right)
    sent: dict[Where, list[Invitation]] = defaultdict(list)
    for invitation in invitations().filter(on_them).select_related("invited_by").order_by("pk"):
        sent[_where(invitation)].append(invitation)
    for line in lines:
        for where in line.covered_by:
            for right in by_place[where]:
                is_asked = right.state == Habilitation.State.PENDING
                (line.asked if is_asked else line.held).append(right)
            line.invited += sent[where]


def _where(row: Profile | Invitation) -> Where:
    return row.establishment_id, row.legal_entity_id
