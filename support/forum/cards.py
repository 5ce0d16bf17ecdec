"""What the forum agora bring to the home page."""

from accounts.models import User
from common.home import Card


def forum_cards(user: User) -> list[Card]:
    return []
