"""From a figure to its definition: ``{% indicator_link %}``, beside a label or a heading."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.indicators import indicator

LINK = (
    '<a class="app-indicateur fr-icon-information-line" href="{}">'
    '<span class="fr-sr-only">Définition\u00a0: {}</span></a>'
)
register = template.Library()


@register.simple_tag
def indicator_link(slug: str) -> SafeString:
    """A small « i » that leads to the registry; nothing for a figure that has no indicator."""
    if not slug:
        return SafeString()
    return format_html(LINK, reverse("steering:indicator", args=[slug]), indicator(slug).label)


@register.simple_tag
def indicator_heading(slug: str, heading: str) -> SafeString:
    """What a column's heading says of its figure; its short name is what is read at each cell."""
    if not slug:
        return SafeString()
    return format_html(' data-indicator="{}" abbr="{}"', slug, heading)


@register.simple_tag
def indicator_mark(slug: str) -> SafeString:
    """Name the indicator on the element that holds its value."""
    return format_html(' data-indicator="{}"', slug) if slug else SafeString()
