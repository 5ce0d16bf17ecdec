"""The requests that one person meets: those that wait for them, and those that others decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.audience import OF_REQUEST, Asked, people_from
from accounts.deciders import ENTITY, SITE, rights_from
from accounts.models import AccessRequest, Invitation, Level, User
from accounts.models.access_request import may_be_decided_by
from accounts.models.entity import inside
from establishments.models import Establishment
from establishments.perimeter import Action, Perimeter

Requests = QuerySet[AccessRequest]
OF_PLACE = (
    "profile__establishment__finess",
    "profile__establishment__name",
    "profile__legal_entity__finess",
    "profile__legal_entity__name",
    "profile__body",
    "profile__body__name",
)
PlaceRow = tuple[Any, ...]  # the columns OF_PLACE


@dataclass(frozen=True, slots=True)
class Inbox:
    """The open requests that one person may read, oldest first, in two statements; numbers only.

    ``waiting`` for them; ``followed``: others decide of these, or should first. They may decide of
    the ``decidable`` ones among both.
    """

    waiting: list[int]
    followed: list[int]
    decidable: frozenset[int]
    asked_at: dict[int, datetime]
    places: list[PlaceRow]

    @property
    def since(self) -> datetime | None:
        """Since when the oldest waits for them."""
        return self.asked_at[self.waiting[0]] if self.waiting else None


def requests_in_reach(user: User) -> Requests:
    """All those a person may read: of the entities they decide for; a region's, at national level.

    The national cell does not see the requests of establishments: nothing there is theirs.
    """
    reached = Q(pk__in=[])
    near = (Action.PROF_DECIDE_ETAB, Action.PROF_DECIDE_APE)
    for perimeter in {user.perimeter_to(action) for action in near}:  # often one and the same
        if perimeter:
            reached |= _within(perimeter)
    if perimeter := user.perimeter_to(Action.PROF_DECIDE_REG):
        reached |= Q(inside(perimeter, "profile"), level=Level.NATIONAL)
    return AccessRequest.objects.filter(reached)


def _within(perimeter: Perimeter) -> Q:
    """The requests inside; those of a few entities by two columns of the profile, indexed.

    Joined, the sites of an entity would be looked for among all the requests ever made.
    """
    if perimeter.is_national or perimeter.region_codes or perimeter.department_codes:
        return inside(perimeter, "profile")
    sites = Establishment.objects.order_by().within(perimeter)
    numbers = set(sites.values_list("pk", flat=True))
    entities = perimeter.legal_entity_ids
    return Q(profile__establishment__in=numbers) | Q(profile__legal_entity__in=entities)


def requests_to_decide(user: User) -> Requests:
    """Those they may decide, also when it is first for somebody nearer."""
    return AccessRequest.objects.to_decide(user)


def inbox_of(user: User) -> Inbox:
    """What is open for them: the ARS steps in where nobody decides, or did not in seven days."""
    may_decide = ExpressionWrapper(may_be_decided_by(user), BooleanField())
    rows = requests_in_reach(user).open().annotate(may_decide=may_decide)
    named = ("pk", "asked_at", "may_decide", *OF_PLACE)
    asked_at, decidable, places, asked = {}, set(), [], {}
    found = rows.order_by().values_list(*named, *OF_REQUEST)
    # sorted here: to sort them PostgreSQL takes a second process, for no less time
    for row in sorted(found, key=lambda row: (row[1], row[0])):
        number, asked_at[number], is_theirs = row[:3]
        places.append(row[3 : len(named)])
        if is_theirs:
            decidable.add(number)
            asked[number] = Asked(*row[len(named) :])
    waiting = decidable
    if user.may(Action.PROF_DECIDE_APE):
        waiting = decidable - _first_for_somebody_nearer(asked)
    return Inbox(
        waiting=[one for one in asked_at if one in waiting],
        followed=[one for one in asked_at if one not in waiting],
        decidable=frozenset(decidable),
        asked_at=asked_at,
        places=places,
    )


def invitations_to_confirm(user: User) -> QuerySet[Invitation]:
    """Those of the country that somebody else prepared: none leaves before a second agreement."""
    if not user.may(Action.PROF_DECIDE_REG):
        return Invitation.objects.none()
    found: QuerySet[Invitation] = Invitation.objects.for_user(user, to=Action.PROF_DECIDE_REG)
    prepared = found.living().filter(sent_at__isnull=True)
    return prepared.exclude(invited_by=user).exclude(email__iexact=user.email)


def _first_for_somebody_nearer(asked: dict[int, Asked]) -> set[int]:
    """Those of entities where an administrator decides, save what an administrator asks.

    Asked of the places of these few requests: the administrators of the country are many more.
    """
    near = {
        pk: one
        for pk, one in asked.items()
        if one.level == Level.ENTITY and one.escalated_at is None
    }
    places = {place for one in near.values() for place in one.own_places}
    held = people_from(rights_from(places, (), {one.person for one in near.values()}).order_by())
    administrators = {
        person for (kind, _), people in held.items() if kind in (SITE, ENTITY) for person in people
    }
    return {
        pk
        for pk, one in near.items()
        if one.person not in administrators and any(place in held for place in one.own_places)
    }
