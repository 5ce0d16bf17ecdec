"""What every page shows: the product's name, the person's menu, the profile in use.

No query beyond the two that read the person's profiles, and none for visitors.
"""

from django.utils.functional import SimpleLazyObject

from common.addresses import fixed_address
from common.bare_pages import brand
from config import home
from config.demo_accounts import demo_accounts
from support.texts.announcing import announcements_shown


def site(request):
    return brand() | {
        "main_menu": SimpleLazyObject(lambda: main_menu(request)),
        "demo_accounts": SimpleLazyObject(demo_accounts),
        "banners": SimpleLazyObject(lambda: banners(request)),
        "request_id": getattr(request, "id", ""),
    }


def main_menu(request) -> list[dict]:
    """List the entries of the main menu, the current one marked; visitors have only the home."""
    entries = [
        {"label": "Accueil", "url": fixed_address("home"), "is_current": request.path == "/"}
    ]
    return entries + [
        {"label": item.label, "url": item.url, "is_current": item.is_current(request.path)}
        for item in (home.menu(request.user) if is_known(request) else [])
    ]


def banners(request) -> list:
    if is_known(request):
        return home.banners(request.user)
    return announcements_shown.banners(is_known=False)


def is_known(request) -> bool:
    """Whether somebody is logged in; a refusal may come before anybody looked."""
    return hasattr(request, "user") and request.user.is_authenticated
