"""Figures of a share-out as they are written: exact, since people compute them again."""

from decimal import Decimal

from common.numbers import format_decimal, format_integer
from orders.quotas.sharing import WHOLE

NO_BREAK = "\u00a0"
CAPITALS = {"ffp2": "FFP2", "gp": "GP"}
ALWAYS_PLURAL = frozenset({"lunettes"})  # « une paire de lunettes »


def exact_text(number: Decimal) -> str:
    """All the decimals there are, « 52,12 »; « 74,0740 », since three would read as thousands."""
    exponent = number.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_decimal(number, places=4 if places == 3 else places)


def percent_text(level: int) -> str:
    """Millionths as an exact percentage: « 62,5 % », « 54,1666 % »."""
    return f"{exact_text(Decimal(level) * 100 / WHOLE)}{NO_BREAK}%"


def inside(name: str) -> str:
    """The name of an item inside a sentence: « masques FFP2 »."""
    return " ".join(CAPITALS.get(word, word) for word in name.lower().split())


def agreed(name: str, number: Decimal | float) -> str:
    """A plural noun and its adjectives, after a number: « masque chirurgical » after 1 or 0,5."""
    if abs(number) >= 2:
        return name
    return " ".join(map(_singular, name.split()))


def _singular(word: str) -> str:
    if word in ALWAYS_PLURAL or not word.endswith(("s", "x")):
        return word
    return f"{word[:-3]}al" if word.endswith("aux") else word[:-1]


def counted(number: int, name: str) -> str:
    """« 1 200 unités », « 1 bénéficiaire », « 0 unité »."""
    return f"{format_integer(number)}{NO_BREAK}{agreed(name, number)}"
