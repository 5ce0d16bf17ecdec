"""What Distrilog-Santé brings to the home page: the menu, the banner of tensions, what is due."""

from datetime import datetime

from accounts.models import User
from common.addresses import fixed_address
from common.home import Aside, Banner, Card, Change, Figure, MenuItem
from establishments.perimeter import Action
from orders.addresses.cards import address_cards
from orders.capacities.cards import capacity_cards
from orders.following.cards import following_cards
from orders.invoices.cards import invoice_cards
from orders.logistics.cards import logistics_banners, logistics_cards
from orders.logistics.figures import warehouse_figures
from orders.news.changes import order_changes, quota_changes
from orders.news.pool import pool_asides
from orders.quotas.cards import quota_cards
from orders.relief.cards import relief_cards
from orders.tension.cards import tension_banners, tension_cards

ORDER = 40
LABEL, PREFIX = "Distrilog-Santé", "/distrilog/"
ENTRANCES = (Action.ORD_QUOTA_READ, Action.ORD_READ, Action.IF_GET, Action.IF_META)


def menu(user: User) -> list[MenuItem]:
    if not any(user.may(action) for action in ENTRANCES):
        return []
    return [MenuItem(LABEL, fixed_address("orders:start"), PREFIX, ORDER)]


def banners(user: User) -> list[Banner]:
    return [*tension_banners(user), *logistics_banners(user)]


def cards(user: User) -> list[Card]:
    return [
        *tension_cards(user),
        *quota_cards(user),
        *relief_cards(user),
        *address_cards(user),
        *logistics_cards(user),
        *capacity_cards(user),
        *following_cards(user),
        *invoice_cards(user),
    ]


def figures(user: User) -> list[Figure]:
    return warehouse_figures(user)


def changes(user: User, since: datetime) -> list[Change]:
    return [*quota_changes(user, since), *order_changes(user, since)]


def asides(user: User) -> list[Aside]:
    return pool_asides(user)
