"""The tabs of PLAGE."""

from typing import Any

from django import template
from django.template.context import Context

from accounts.sections import sections_of

register = template.Library()


@register.simple_tag(takes_context=True)
def plage_sections(context: Context) -> list[dict[str, Any]]:
    """The sections that this person meets, the one of the page marked."""
    path = context["request"].path
    return [
        {"label": one.label, "url": one.url, "is_current": path.startswith(one.url)}
        for one in sections_of(context["request"].user)
    ]
