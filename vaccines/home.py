"""What vaccines bring to the home page: the needs of a flu season, the supply lines."""

from accounts.models import User
from common.home import Card
from vaccines.corrections.cards import correction_cards
from vaccines.flu.cards import flu_cards
from vaccines.needs.cards import supply_cards
from vaccines.waves.cards import delivery_cards


def cards(user: User) -> list[Card]:
    return [
        *flu_cards(user),
        *delivery_cards(user),
        *supply_cards(user),
        *correction_cards(user),
    ]
