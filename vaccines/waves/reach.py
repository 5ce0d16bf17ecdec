"""Whose lines are delivered by whom: SPF's (flow A), a pivot hospital's own (flow B) [000]."""

from django.db.models import QuerySet

from accounts.models import User
from establishments.perimeter import Action
from vaccines.models import SupplyLine, Wave


def may_make(user: User) -> bool:
    """SPF and the national cell generate the lines of a wave."""
    return user.may(Action.VAC_WAVE)


def is_deliverer(user: User) -> bool:
    """SPF always; a pharmacy once one of its hospital's lines is of flow B."""
    held = user.perimeter_to(Action.VAC_DELIV)
    if held.operator_ids:
        return True
    return bool(held) and SupplyLine.objects.for_user(user, to=Action.VAC_DELIV).exists()


def operates(user: User) -> bool:
    """Whether the pages of waves are theirs."""
    return may_make(user) or is_deliverer(user)


def lines_operated(user: User) -> QuerySet[SupplyLine]:
    """Those that one delivers; all of them for the national cell, which only looks."""
    held = user.perimeter_to(Action.VAC_WAVE)
    action = Action.VAC_READ if held.is_national else Action.VAC_DELIV
    rows: QuerySet[SupplyLine] = SupplyLine.objects.for_user(user, to=action)
    return rows


def waves_operated(user: User) -> QuerySet[Wave]:
    """Those with such a line, the latest first; every wave for whoever makes them."""
    if may_make(user):
        return Wave.objects.select_related("vaccine")
    own = lines_operated(user).standing().values("wave")  # type: ignore[attr-defined]
    return Wave.objects.filter(pk__in=own).select_related("vaccine")


def lines_of_pivots(user: User) -> QuerySet[SupplyLine]:
    """Those that others deliver: who makes waves knows how many, not more."""
    rows: QuerySet[SupplyLine] = SupplyLine.objects.standing()
    if not may_make(user) or user.perimeter_to(Action.VAC_WAVE).is_national:
        return rows.none()
    return rows.filter(flow=SupplyLine.Flow.B)
