"""What help brings to the home page: its entry in the menu, the requests that wait."""

from accounts.models import User
from common.home import Card, MenuItem
from support.contact.cards import contact_cards
from support.forum.cards import forum_cards


def menu(user: User) -> list[MenuItem]:
    return []


def cards(user: User) -> list[Card]:
    return [*contact_cards(user), *forum_cards(user)]
