"""Which orders a person follows, and how much of each: a warehouse reads what it delivers by."""

from accounts.lookups import get_in_perimeter
from accounts.models import User
from establishments.perimeter import Action
from orders.models import Order

NAMED = (
    "beneficiary__establishment",
    "beneficiary__legal_entity",
    "beneficiary__department",
    "agency",
    "region",
    "operator",
    "platform",
)


def reads_as_warehouse(user: User, to: Action = Action.ORD_READ) -> bool:
    """Only what is routed to it: logistic fields, no quota, no name but the person to call."""
    held = user.perimeter_to(to)
    return bool(held.operator_ids) and not (
        held.is_national
        or held.region_codes
        or held.legal_entity_ids
        or held.establishment_ids
        or _is_agency(user)
    )


def _is_agency(user: User) -> bool:
    """An operator of an agency reaches its own pool by the same letter as a warehouse does."""
    body = user.active_profile.body if user.active_profile else None
    return body is not None and body.kind == body.Kind.ARS


def reads_a_territory(user: User) -> bool:
    held = user.perimeter_to(Action.ORD_READ)
    return held.is_national or bool(held.region_codes)


def order_of(user: User, pk: int, *, to: Action = Action.ORD_READ) -> Order:
    """An order sent, within reach; a draft is on the page of who writes it."""
    rows = Order.objects.sent().select_related(*NAMED, "created_by", "address__site")
    found = get_in_perimeter(rows, user, to=to, pk=pk)
    assert isinstance(found, Order)  # noqa: S101  # says to the types what was read
    return found
