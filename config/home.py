"""The home page and the menu, composed from what each app brings (`common/home.py`)."""

from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from common.home import (
    Aside,
    Banner,
    Card,
    Figure,
    MenuItem,
    Situation,
    by_urgency,
)


def cards(user) -> list[Card]:
    """List what is due for this person, the most pressing first."""
    return by_urgency(_collect("cards", user))


def menu(user) -> list[MenuItem]:
    return sorted(_collect("menu", user), key=lambda item: item.order)


def banners(user) -> list[Banner]:
    return _collect("banners", user)


def figures(user) -> list[Figure]:
    return _collect("figures", user)


def situations(user) -> list[Situation]:
    return _collect("situations", user)


def asides(user) -> list[Aside]:
    return sorted(_collect("asides", user), key=lambda aside: aside.order)


def _collect(name: str, user) -> list:
    return [one for home in _homes() if hasattr(home, name) for one in getattr(home, name)(user)]


@cache
def _homes() -> list:
    """Import the ``home`` module of each of our apps that has one (``config``'s is this one)."""
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return [
        import_module(f"{app.name}.home")
        for app in ours
        if app.name not in ("config", "common") and module_has_submodule(app.module, "home")
    ]
