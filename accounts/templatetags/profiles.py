"""What the pages of one's profiles ask of the places found."""

from django import template

from accounts.deciders import Entity
from accounts.models import Profile
from accounts.places import Places

register = template.Library()


@register.filter
def own_profile(places: Places, place: Entity) -> Profile | None:
    """The living profile that the person already has there."""
    return places.held.get(place)
