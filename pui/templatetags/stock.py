"""How a stock is written on its pages: the words of ``pui.stock.texts``."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from common.cover import Level
from pui.stock import table, texts
from pui.stock.history import Declaration
from pui.stock.rows import Row

register = template.Library()


@register.filter
def quantity(value: Decimal | None) -> str:
    """« 1 820 », or « non déclaré »."""
    return texts.quantity_text(value)


@register.filter
def days(value: Row | Declaration) -> str:
    """« 13,7 j », or why there are none."""
    return texts.days_text(value.days, value.level)


@register.filter
def badge(level: Level) -> SafeString:
    """The word and the colour of a level."""
    return table.badge(level)


@register.filter
def run_out(row: Row) -> str:
    """« entre le 03/12 et le 20/12 », or why nothing is said."""
    return texts.run_out_text(row)
