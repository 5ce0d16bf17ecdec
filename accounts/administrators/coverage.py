"""Who administers the places of a perimeter, asks to, or is invited to: read once, as numbers.

Asked of each row, the database would read it as many times as there are places.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Domain, Habilitation, Invitation, Level, Profile, Role
from accounts.models.entity import inside
from common import among  # noqa: F401 - registers the lookup
from establishments.perimeter import Perimeter

SITE, ENTITY = "ET", "EJ"
PLACE = ("profile__establishment", "profile__legal_entity")
APE = {"domain": Domain.ADMINISTRATION, "role": Role.ADMINISTRATOR}


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

    def condition(self, kind: str) -> Q:
        """Select, among places of one kind, those that are covered."""
        if kind == ENTITY:
            return Q(pk__among=self.entities)
        return Q(pk__among=self.sites) | Q(legal_entity__pk__among=self.entities)

    def __or__(self, other: "Covered") -> "Covered":
        return Covered(self.sites | other.sites, self.entities | other.entities)


class Coverage:
    """What is held, asked for and offered in a perimeter: three statements."""

    def __init__(self, perimeter: Perimeter):
        now = timezone.now()
        sent = invitations().filter(inside(perimeter), expires_at__isnull=False)
        rows = list(sent.order_by().values_list("establishment", "legal_entity", "expires_at"))
        inner = inside(perimeter, "profile"), Q(profile__body__isnull=True)
        self.held = covered(holders().filter(*inner).order_by().values_list(*PLACE))
        waiting = list(askers().filter(*inner).order_by().values_list(*PLACE))
        self.asked, self.requests = covered(waiting), len(waiting)
        self.invited = covered((site, entity) for site, entity, ends in rows if ends > now)
        self.expired = covered((site, entity) for site, entity, ends in rows if ends <= now)
        self.busy = self.held | self.asked | self.invited | self.expired

    def condition(self, situation: str, kind: str) -> Q:
        """Select the places in a situation. A request is told even where there is an APE."""
        match situation:
            case Situation.HELD:
                return self.held.condition(kind)
            case Situation.LONELY:
                return ~self.held.condition(kind)
            case Situation.ASKED:
                return self.asked.condition(kind)
            case Situation.IDLE:
                return ~self.busy.condition(kind)
        calm = ~(self.held | self.asked).condition(kind)
        if situation == Situation.INVITED:
            return calm & self.invited.condition(kind)
        return calm & self.expired.condition(kind) & ~self.invited.condition(kind)


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


def covered(places: Iterable[tuple[int | None, int | None]]) -> Covered:
    """Gather (establishment, entity) couples, one of which is none."""
    found = list(places)
    return Covered(
        frozenset(site for site, _ in found if site),
        frozenset(entity for _, entity in found if entity),
    )
