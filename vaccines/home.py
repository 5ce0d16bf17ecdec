"""What the vaccines bring to the home page."""

from accounts.models import User
from common.home import Card
from vaccines.needs.cards import supply_cards


def cards(user: User) -> list[Card]:
    return supply_cards(user)
