"""The home page and the menu, composed from what each app brings (`common/home.py`)."""

from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import Any

from common.home import (
    Aside,
    Banner,
    Card,
    Change,
    Figure,
    LowStock,
    MenuItem,
    Situation,
    by_urgency,
)
from common.installed import modules
from config.administration import cards as administration
from config.operations import operation_figures


def cards(user) -> list[Card]:
    """List what is due for this person, the most pressing first."""
    return by_urgency([*_collect("cards", user), *administration.cards(user)])


def menu(user) -> list[MenuItem]:
    found = [*_collect("menu", user), *administration.menu(user)]
    return sorted(found, key=lambda item: item.order)


def banners(user) -> list[Banner]:
    return _collect("banners", user)


def figures(user) -> list[Figure]:
    return [*_collect("figures", user), *operation_figures(user)]


def situations(user) -> list[Situation]:
    return _collect("situations", user)


def asides(user) -> list[Aside]:
    return sorted(_collect("asides", user), key=lambda aside: aside.order)


def changes(user, since: datetime, marks: Mapping[str, str]) -> list[Change]:
    """What changed that no journal tells; ``marks``: what the page said at the last visit."""
    return [*_collect("changes", user, since), *_collect("marked_changes", user, marks)]


def marks(user) -> dict[str, str]:
    """What this page says that the next visit will compare with: a class, by its place."""
    return dict(_collect("marks", user))


def low_stocks(user) -> list[LowStock]:
    """One's own products under the threshold, the most urgent first."""
    return sorted(_collect("low_stocks", user), key=lambda one: one.order)


def stock_links(user) -> list[tuple[str, str]]:
    """Where all of one's stocks are, beside the lowest."""
    return _collect("stock_links", user)


def help_links(user) -> list[tuple[str, str]]:
    """Guides, questions, a form to write to: what each app offers who is stuck."""
    return _collect("help_links", user)


def _collect(name: str, *asked: Any) -> list:
    return [one for home in _homes() if hasattr(home, name) for one in getattr(home, name)(*asked)]


def _homes() -> list[ModuleType]:
    """The ``home`` module of each of our apps that has one (``config``'s is this one)."""
    return modules("home")
