"""What every page shows: the product's name, the person's menu, the profile in use.

No query beyond the two that read the person's profiles, and none for visitors.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from config import home

TAGLINE = "Stocks, équipements de protection et commandes des établissements"


def site(request):
    return brand() | {
        "main_menu": SimpleLazyObject(lambda: main_menu(request)),
        "banners": SimpleLazyObject(lambda: banners(request)),
        "request_id": getattr(request, "id", ""),
    }


def brand() -> dict:
    """Name the service and its look: all that an error page needs when nothing else answers."""
    return {
        "SITE_CONFIG": {"site_title": settings.PRODUCT_NAME},
        "PRODUCT_NAME": settings.PRODUCT_NAME,
        "TAGLINE": TAGLINE,
        "STATE_BRAND": settings.STATE_BRAND,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "DEMO": settings.DEMO,
    }


def main_menu(request) -> list[dict]:
    """List the entries of the main menu, the current one marked; visitors have only the home."""
    entries = [{"label": "Accueil", "url": reverse("home"), "is_current": request.path == "/"}]
    if not request.user.is_authenticated:
        return entries
    return entries + [
        {"label": item.label, "url": item.url, "is_current": item.is_current(request.path)}
        for item in home.menu(request.user)
    ]


def banners(request) -> list:
    return home.banners(request.user) if request.user.is_authenticated else []
