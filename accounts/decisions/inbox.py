"""The requests that one person meets: those that wait for them, and those that others decide."""

from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.audience import Asked, asked_by, people_from
from accounts.deciders import rights_from, rights_to_decide
from accounts.models import AccessRequest, Invitation, Level, User
from accounts.models.entity import inside
from common import among  # noqa: F401 - registers the lookup
from establishments.models import Establishment
from establishments.perimeter import Action, Perimeter

Requests = QuerySet[AccessRequest]
ENTITIES = ("user", "establishment__legal_entity", "legal_entity", "body")
RELATED = (
    *(f"profile__{name}" for name in ENTITIES),
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


def requests_in_reach(user: User) -> Requests:
    """All those a person may read: of the entities they decide for; a region's, at national level.

    The national cell does not see the requests of establishments: nothing there is theirs.
    """
    reached = Q(pk__in=[])
    for action in (Action.PROF_DECIDE_ETAB, Action.PROF_DECIDE_APE):
        if perimeter := user.perimeter_to(action):
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


def requests_waiting_for(user: User, *, reach: Requests | None = None) -> Requests:
    """Those that wait for them: the ARS steps in where nobody decides, or did not in seven days.

    ``reach``: the open ones they may read, when these are known already.
    """
    found = requests_to_decide(user)
    if reach is not None:
        found = found.filter(pk__in=reach.order_by().values("pk"))
    if not user.may(Action.PROF_DECIDE_APE):
        return found
    asked = asked_by(found.order_by())
    return AccessRequest.objects.filter(pk__among=asked.keys() - _first_for_somebody_nearer(asked))


def requests_followed_by(reach: Requests, waiting: Requests) -> Requests:
    """The open ones in reach that others decide, or should first."""
    return reach.open().exclude(pk__in=waiting.order_by().values("pk"))


def found_once(requests: Requests) -> Requests:
    """The same, by their numbers: for what is open, which is counted and listed in many ways."""
    numbers = requests.order_by().values_list("pk", flat=True)
    return AccessRequest.objects.filter(pk__among=set(numbers))


def waiting_summary(user: User) -> tuple[int, datetime | None]:
    """How many wait for them, and since when the oldest does."""
    found = (
        requests_waiting_for(user).order_by().aggregate(count=Count("pk"), since=Min("asked_at"))
    )
    return found["count"], found["since"]


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
    held = people_from(rights_from({place for one in near.values() for place in one.own_places}))
    rights = rights_to_decide().filter(profile__body__isnull=True)
    asking = rights.filter(profile__user__in={one.person for one in near.values()})
    administrators = set(asking.values_list("profile__user", flat=True))
    return {
        pk
        for pk, one in near.items()
        if one.person not in administrators and any(place in held for place in one.own_places)
    }
