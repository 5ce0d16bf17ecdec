"""What every page shows: the product's name, the person's menu, the profile in use.

No query beyond the two that read the person's profiles, and none for visitors.
"""

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from common.addresses import fixed_address
from common.bare_pages import brand
from common.home import Banner, MenuItem
from config import home
from config.demo_accounts import demo_accounts
from support.guides.context import help_for
from support.roles import codes_of
from support.texts.announcing import banners_of_now


def site(request):
    return brand() | {
        "main_menu": SimpleLazyObject(lambda: main_menu(request)),
        "demo_accounts": SimpleLazyObject(demo_accounts),
        "banners": SimpleLazyObject(lambda: banners(request)),
        "page_help": SimpleLazyObject(lambda: page_help(request)),
        "request_id": getattr(request, "id", ""),
    }


def main_menu(request) -> list[dict]:
    """List the entries of the main menu, the current one marked; visitors have home and help."""
    help_alone = [MenuItem("Aide", fixed_address("support:hub"))]
    own = home.menu(request.user) if is_known(request) else help_alone
    entries = [
        {"label": "Accueil", "url": fixed_address("home"), "is_current": request.path == "/"}
    ]
    return entries + [
        {"label": item.label, "url": item.url, "is_current": item.is_current(request.path)}
        for item in own
    ]


def banners(request) -> list[Banner]:
    """In full on the home page; after it, in a few words, and not on the page they lead to."""
    known = is_known(request)
    found = home.banners(request.user) if known else banners_of_now(is_known=False)
    if request.path == fixed_address("home"):
        return [replace(one, brief="") for one in found]
    return [one for one in found if one.url != request.path]


def page_help(request) -> str:
    """The part of the guide of one's role that this page is about; nothing without an address."""
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    return help_for(name or "", codes_of(getattr(request, "user", AnonymousUser())))


def is_known(request) -> bool:
    """Whether somebody is logged in; a refusal may come before anybody looked."""
    return hasattr(request, "user") and request.user.is_authenticated
