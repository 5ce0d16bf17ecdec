"""What steering brings to the home page: messages, alerts, the way to the situation."""

from datetime import datetime

from accounts.models import User
from common.home import Aside, Banner, Card, Change, MenuItem
from steering.alerts.cards import alert_asides, alert_banners, alert_cards, alert_changes
from steering.messages.cards import (
    message_asides,
    message_banners,
    message_cards,
    message_changes,
)
from steering.situation.menu import situation_asides, situation_menu


def menu(user: User) -> list[MenuItem]:
    return situation_menu(user)


def banners(user: User) -> list[Banner]:
    return [*message_banners(user), *alert_banners(user)]


def changes(user: User, since: datetime) -> list[Change]:
    return [*message_changes(user, since), *alert_changes(user, since)]


def cards(user: User) -> list[Card]:
    return [*message_cards(user), *alert_cards(user)]


def asides(user: User) -> list[Aside]:
    return [*message_asides(user), *alert_asides(user), *situation_asides(user)]
