"""What the vaccines bring to the home page, by subject."""

from accounts.models import User
from common.home import Card
from vaccines.corrections.cards import correction_cards


def cards(user: User) -> list[Card]:
    return correction_cards(user)
