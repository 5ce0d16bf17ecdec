"""Pages that must be drawn when nothing answers: no database, no session, no context processor."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TAGLINE = "Stocks, équipements de protection et commandes des établissements"


@cache
def brand() -> dict[str, Any]:
    """Name the service and its look, from the settings alone; not to be changed."""
    return {
        "SITE_CONFIG": {"site_title": settings.PRODUCT_NAME},
        "PRODUCT_NAME": settings.PRODUCT_NAME,
        "TAGLINE": TAGLINE,
        "STATE_BRAND": settings.STATE_BRAND,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "DEMO": settings.DEMO,
    }


@cache
def look() -> str:
    """What ``brand`` holds, as a key for what was drawn from it."""
    return repr(brand())


def bare_page(request: HttpRequest, template: str, *, status: int, **context: Any) -> HttpResponse:
    """Draw ``template`` with the service's name and the request's number, asking nothing else."""
    content = render_to_string(
        template, brand() | {"request_id": getattr(request, "id", "")} | context
    )
    return HttpResponse(content, status=status)
