"""How amounts of money are written on pages."""

from decimal import Decimal

from django import template

from orders.invoices.content import euros, percent

register = template.Library()
register.filter("percent", percent)


@register.filter("euros")
def euros_or_dash(amount: Decimal | None) -> str:
    """« 1 234,50 € »; nothing known is a dash."""
    return "–" if amount is None else euros(amount)
