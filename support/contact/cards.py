"""What requests for assistance bring to the home page."""

from accounts.models import User
from common.home import Card


def contact_cards(user: User) -> list[Card]:
    return []
