"""How the pages of vaccines write doses, people and states."""

from datetime import datetime

from django import template

from vaccines.needs import texts
from vaccines.states import State

register = template.Library()
KINDS = {
    State.NEED_AWAITED: "new",
    State.NEED_LATE: "error",
    State.AWAITED: "new",
    State.RECEIVED: "success",
    State.REMOVED: "warning",
}


@register.filter
def doses(value: int) -> str:
    """« 82 doses »."""
    return texts.doses_counted(value)


@register.filter
def people(value: int) -> str:
    """« 72 personnes »."""
    return texts.people_counted(value)


@register.filter
def gap(value: int) -> str:
    """« 6 rappels de moins »."""
    number = texts.format_integer(abs(value))
    plural = "s" if abs(value) > 1 else ""
    return f"{number}{texts.NO_BREAK}rappel{plural} de {'plus' if value > 0 else 'moins'}"


@register.filter
def moment(value: datetime | None) -> str:
    """« 02/02 à 12 h »."""
    return texts.moment(value)


@register.filter
def badge_kind(state: State) -> str:
    """The badge of the design system that a state wears."""
    return KINDS.get(state, "info")
