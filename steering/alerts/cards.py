"""What alert rules and alerts bring to the home page."""

from accounts.models import User
from common.home import Aside, Card


def alert_cards(user: User) -> list[Card]:
    return []


def alert_asides(user: User) -> list[Aside]:
    return []
