"""The other ways in, where one logs in."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def ways_in() -> list[tuple[str, str]]:
    """Address and name of each national service that this deployment has joined; often none."""
    return [(key, way["name"]) for key, way in settings.WAYS_IN.items()]
