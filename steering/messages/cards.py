"""What messages to roles and territories bring to the home page."""

from accounts.models import User
from common.home import Aside, Card


def message_cards(user: User) -> list[Card]:
    return []


def message_asides(user: User) -> list[Aside]:
    return []
