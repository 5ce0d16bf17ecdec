"""How quantities of a medicine are written on the pages."""

from django import template

from pui.medicine import quantity_of

register = template.Library()


@register.filter
def quantity(value: int, unit: str) -> str:
    """« 1 200 ampoules »."""
    return quantity_of(value, unit)
