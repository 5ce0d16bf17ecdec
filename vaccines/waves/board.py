"""The lines of waves with their states and vials, counted in the database: never a list."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from vaccines.models import SupplyLine
from vaccines.states import State
from vaccines.vials import with_vials

TOLD: Final = Q(first_doses__isnull=False, second_doses__isnull=False)
COUNTS: Final = ("lines", "told", "planned", "shipped", "received", "late", "unknown")
# what a page needs to name a line
NAMED: Final = ("wave__vaccine", "recipient", "pui__establishment", "pivot", "recalled__wave")


def in_state(state: State, now: datetime) -> Q:
    """As ``states.state_of`` says of one line; the wave is joined."""
    today = timezone.localdate(now)
    standing = Q(removed_at__isnull=True)
    open_ones = standing & Q(received_whole_at__isnull=True)
    planned = open_ones & Q(planned_doses__isnull=False)
    due = Q(shipped_on__isnull=False) | Q(expected_on__lte=today)
    unplanned = open_ones & Q(planned_doses__isnull=True)
    is_late = Q(wave__needs_due_at__lte=now)
    return {
        State.REMOVED: Q(removed_at__isnull=False),
        State.RECEIVED: standing & Q(received_whole_at__isnull=False),
        State.AWAITED: planned & due,
        State.PLANNED: planned
        & Q(shipped_on__isnull=True)
        & (Q(expected_on__isnull=True) | Q(expected_on__gt=today)),
        State.NEED_TOLD: unplanned & TOLD,
        State.NEED_LATE: unplanned & ~TOLD & is_late,
        State.NEED_AWAITED: unplanned & ~TOLD & ~is_late,
    }[state]


def progress(rows: QuerySet[SupplyLine], *by: str) -> QuerySet[Any]:
    """Lines, needs typed, planned, shipped, received; grouped by some fields."""
    return (
        rows.order_by()
        .values(*by)
        .annotate(
            lines=Count("pk"),
            told=Count("pk", filter=TOLD),
            planned=Count("pk", filter=Q(planned_doses__isnull=False)),
            shipped=Count("pk", filter=Q(shipped_on__isnull=False)),
            received=Count("pk", filter=Q(received_whole_at__isnull=False)),
            late=Count("pk", filter=in_state(State.NEED_LATE, timezone.now())),
        )
    )


def counted(rows: QuerySet[SupplyLine], *by: str) -> QuerySet[Any]:
    """The same with doses and vials; ``unknown`` are the lines whose vials nobody can count."""
    unknown = Q(ordered__isnull=False, per_vial__isnull=True)
    return progress(with_vials(rows), *by).annotate(
        doses=Sum("ordered"),
        vials_needed=Sum("vials"),
        beyond=Sum("overfill"),
        unknown=Count("pk", filter=unknown),
    )


def whole(rows: QuerySet[SupplyLine]) -> dict[str, Any]:
    """The same of all these lines together; without a dose nor a vial known, None."""
    found = list(counted(rows, "wave__vaccine"))
    sums = {name: sum(one[name] for one in found) for name in COUNTS}
    for name in ("doses", "vials_needed", "beyond"):
        known = [one[name] for one in found if one[name] is not None]
        sums[name] = sum(known) if known else None
    return sums


def for_list(rows: QuerySet[SupplyLine]) -> QuerySet[SupplyLine]:
    """By pharmacy, then by recipient."""
    return (
        with_vials(rows)
        .select_related(*NAMED)
        .order_by("pui__sort_label", "pui_id", "recipient__sort_name", "pk")
    )
