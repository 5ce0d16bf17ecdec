"""The requests for help that a person sees, as one who asks or as one who answers."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from accounts.models import User
from establishments.perimeter import Action
from pui.models import HelpRequest, Pui

OF_REQUEST = (
    "product",
    "reference",
    "pui__establishment__department",
    "pui__establishment__region",
    "asked_by",
    "answered_by",
)
BY_STATE = Case(
    *[When(state=state, then=Value(rank)) for rank, state in enumerate(HelpRequest.OPEN)],
    default=Value(len(HelpRequest.OPEN)),
    output_field=IntegerField(),
)
BY_URGENCY = Case(
    *[When(urgency=one, then=Value(rank)) for rank, one in enumerate(HelpRequest.Urgency.values)],
    output_field=IntegerField(),
)


def requests_of(user: User, region: str = "") -> QuerySet[HelpRequest]:
    """Those waiting first, the most urgent first, then the last asked."""
    reached = user.perimeter_to(Action.AID_ASK) | user.perimeter_to(Action.AID_PROPOSE)
    rows = HelpRequest.objects.within(reached).select_related(*OF_REQUEST)
    if region:
        rows = rows.filter(pui__establishment__region=region)
    found: QuerySet[HelpRequest] = rows.order_by(BY_STATE, BY_URGENCY, "-asked_at", "-pk")
    return found


def pharmacies_of(user: User) -> QuerySet[Pui]:
    """Those for which a person may ask."""
    rows = Pui.objects.for_user(user, to=Action.AID_ASK).filter(closed_on=None)
    found: QuerySet[Pui] = rows.select_related("establishment").order_by("sort_label", "pk")
    return found
