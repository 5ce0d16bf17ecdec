"""How a tension is told on every page."""

from collections.abc import Sequence

from django import template

from orders.tension.state import ItemState
from orders.tension.words import tense_in_words

register = template.Library()


@register.filter
def in_words(states: Sequence[ItemState]) -> str:
    """Write « Masques FFP2, surblouses et gants, depuis le 02/11/2020 »."""
    return tense_in_words(states)
