"""What a request asked for, in a name: as many as the code has.

An address is never told: it holds numbers of places, words searched for, keys of links.
"""

from django.conf import settings
from django.http import HttpRequest

STATIC, NOWHERE, MAINTENANCE = "fichiers", "sans-route", "maintenance"
LONGEST = 120


def route_of(request: HttpRequest) -> str:
    """The name of the route, or of the little that has none."""
    found = request.resolver_match
    if found is not None:
        return (found.view_name or found.route)[:LONGEST]
    if request.path.startswith(settings.STATIC_URL):
        return STATIC
    return MAINTENANCE if getattr(request, "is_closed", False) else NOWHERE
