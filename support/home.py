"""What help brings to the home page: its entry in the menu, the requests that wait."""

from accounts.models import User
from common.addresses import fixed_address
from common.home import Banner, Card, MenuItem
from support.contact.cards import contact_cards
from support.forum.cards import forum_cards
from support.texts.announcing import banners_of_now


def menu(user: User) -> list[MenuItem]:
    """Where help begins, for everybody."""
    return [MenuItem("Aide", fixed_address("support:hub"), order=90)]


def help_links(user: User) -> list[tuple[str, str]]:
    """Where one goes when stuck, beside who helps."""
    return [
        ("Guides", fixed_address("support:guides")),
        ("Questions et réponses", fixed_address("support:questions")),
        ("Écrire à l’assistance", fixed_address("support:contact")),
        ("Qui contacter", fixed_address("support:contact_who")),
    ]


def banners(user: User) -> list[Banner]:
    return banners_of_now(is_known=True)


def cards(user: User) -> list[Card]:
    return [*contact_cards(user), *forum_cards(user)]
