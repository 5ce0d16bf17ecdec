"""How the pages of vaccines write doses and people."""

from datetime import datetime

from django import template

from vaccines.needs import texts

register = template.Library()


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
