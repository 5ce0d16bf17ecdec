"""Where lines stand, in SQL: the same as ``vaccines.states``, which a test holds together."""

from datetime import date, datetime

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils import timezone

from vaccines.models import SupplyLine
from vaccines.states import State


def due_q(today: date) -> Q:
    """Shipped, or expected today or before."""
    return Q(shipped_on__isnull=False) | Q(expected_on__lte=today)


def state_expression(now: datetime) -> Case:
    """The first that holds, as ``state_of`` asks them."""
    return Case(
        When(removed_at__isnull=False, then=Value(State.REMOVED)),
        When(received_whole_at__isnull=False, then=Value(State.RECEIVED)),
        When(
            due_q(timezone.localdate(now)), planned_doses__isnull=False, then=Value(State.AWAITED)
        ),
        When(planned_doses__isnull=False, then=Value(State.PLANNED)),
        When(first_doses__isnull=False, second_doses__isnull=False, then=Value(State.NEED_TOLD)),
        When(wave__needs_due_at__lte=now, then=Value(State.NEED_LATE)),
        default=Value(State.NEED_AWAITED),
        output_field=CharField(),
    )


def with_state(rows: QuerySet[SupplyLine], now: datetime) -> QuerySet[SupplyLine]:
    return rows.annotate(state=state_expression(now))


def late_q(now: datetime) -> Q:
    """The need is late, or nobody says what came though the day it was expected is over.

    Asked of rows ``with_state``.
    """
    return Q(state=State.NEED_LATE) | Q(
        state=State.AWAITED, expected_on__lt=timezone.localdate(now)
    )


def counts_by_state(rows: QuerySet[SupplyLine], now: datetime) -> dict[State, tuple[int, int]]:
    """How many of each, in the order of a line's life, and how many are late; one statement."""
    counted = (
        rows.order_by()
        .values_list("state")
        .annotate(count=Count("pk"), late=Count("pk", filter=late_q(now)))
    )
    found = {state: (count, late) for state, count, late in counted}
    return {one: found.get(one.value, (0, 0)) for one in State}
