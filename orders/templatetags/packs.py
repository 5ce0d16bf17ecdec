"""How packs of a product are counted on pages."""

from django import template

from common.numbers import format_integer
from orders.models import Product

register = template.Library()


@register.filter
def packs(product: Product, count: int) -> str:
    """« 1 carton », « 14 cartons », « 2 colis »."""
    name = product.pack_labels if count > 1 else product.pack_label
    return f"{format_integer(count)} {name}"
