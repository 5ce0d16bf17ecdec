"""The pages of the exchanges, each for whom it serves."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action
from orders.logistics.reach import replenishes

REPLENISHMENTS = "orders:replenishments"


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the part, and whether it is the one shown."""

    label: str
    url: str
    is_current: bool


TABS = (
    ("Fichiers de commandes", "orders:order_files", (Action.IF_GET, Action.IF_META)),
    ("Comptes rendus", "orders:reports", (Action.IF_PUT, Action.IF_META)),
    ("Acheminement", "orders:routing", (Action.ROUTE_WRITE,)),
    ("Dotations poussées", "orders:pushed", (Action.ROUTE_WRITE,)),
    ("Réassort de La Poste", REPLENISHMENTS, (Action.ROUTE_WRITE, Action.IF_PUT)),
)


def tabs_of(user: User, current: str) -> list[Tab]:
    return [
        Tab(label, reverse(name), name == current)
        for label, name, actions in TABS
        if any(user.may(action) for action in actions)
        and (name != REPLENISHMENTS or replenishes(user))
    ]


def page_context(user: User, current: str, title: str = "") -> dict[str, object]:
    """The tabs, the trail and the title of a page under one of them."""
    names = {name: label for label, name, _ in TABS}
    above = [(names[current], reverse(current))] if title else []
    return {"tabs": tabs_of(user, current), "above": above, "title": title or names[current]}
