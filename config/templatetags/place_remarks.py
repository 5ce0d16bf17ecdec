"""What each app says of a place where somebody asks for access: `access.remarks(place)`."""

from django import template

from config.access.applications import remarks

register = template.Library()


@register.inclusion_tag("components/place_remarks.html")
def place_remarks(place):
    """The sentences of the apps, nothing when they have none."""
    return {"remarks": remarks(place)}
