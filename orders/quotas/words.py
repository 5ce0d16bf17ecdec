"""Figures of a share-out as they are written: exact, since people compute them again."""

from decimal import Decimal

from common.numbers import format_decimal
from orders.quotas.sharing import WHOLE

NO_BREAK = "\u00a0"
CAPITALS = {"ffp2": "FFP2", "gp": "GP"}


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
