"""The requests that one person meets: those that wait for them, and those that others decide."""

from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.deciders import ADMINISTRATORS
from accounts.models import AccessRequest, Domain, Habilitation, Invitation, Level, Profile, User
from accounts.models.profile import inside
from establishments.perimeter import Action

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
            reached |= inside(perimeter, "profile")
    if perimeter := user.perimeter_to(Action.PROF_DECIDE_REG):
        reached |= Q(inside(perimeter, "profile"), level=Level.NATIONAL)
    return AccessRequest.objects.filter(reached)


def requests_to_decide(user: User) -> Requests:
    """Those they may decide, also when it is first for somebody nearer."""
    return AccessRequest.objects.to_decide(user)


def requests_waiting_for(user: User) -> Requests:
    """Those that wait for them: the ARS steps in where nobody decides, or did not in seven days."""
    found = requests_to_decide(user)
    if not user.may(Action.PROF_DECIDE_APE):
        return found
    return found.exclude(pk__in=_first_for_somebody_nearer().values("pk"))


def requests_followed_by(user: User) -> Requests:
    """The open ones in reach that others decide, or should first."""
    waiting = requests_waiting_for(user).order_by().values("pk")
    return requests_in_reach(user).open().exclude(pk__in=waiting)


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


def _first_for_somebody_nearer() -> Requests:
    """Those of entities where an administrator decides, save what an administrator asks.

    The places are gathered once for all: asking of each request whether its own has one is slow.
    """
    rights = Habilitation.objects.in_force().filter(
        domain=Domain.ADMINISTRATION,
        role__in=ADMINISTRATORS,
        profile__body__isnull=True,
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    sites = rights.filter(profile__establishment__isnull=False).values("profile__establishment")
    entities = rights.filter(profile__legal_entity__isnull=False).values("profile__legal_entity")
    return (
        AccessRequest.objects.open()
        .order_by()
        .filter(
            Q(profile__establishment__in=sites)
            | Q(profile__legal_entity__in=entities)
            | Q(profile__establishment__legal_entity__in=entities),
            level=Level.ENTITY,
            escalated_at__isnull=True,
        )
        .exclude(profile__user__in=rights.values("profile__user"))
    )
