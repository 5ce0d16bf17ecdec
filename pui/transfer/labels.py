"""Whether two labels may name the same product: molecule and strength, however they are written."""

import re

from establishments.models.search import plain_words

SHORTEST_NAME = 5  # letters: « propofol » names a molecule, « amp » does not
_PARTS = re.compile(r"[0-9]+|[a-z]+")


def tokens(label: str) -> tuple[str, ...]:
    """« 10MG/ML » and « 10 mg/ml » are the same four."""
    return tuple(part for word in plain_words(label) for part in _PARTS.findall(word))


def key_of_label(label: str) -> str:
    return " ".join(tokens(label))


def names(found: tuple[str, ...]) -> frozenset[str]:
    """The words that may name a molecule."""
    return frozenset(one for one in found if one.isalpha() and len(one) >= SHORTEST_NAME)


def numbers(found: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one for one in found if one.isdecimal())


def is_near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """They share the name of a molecule, and no strength contradicts the other."""
    if not names(one) & names(other):
        return False
    strengths = numbers(one), numbers(other)
    shorter = min(strengths, key=len)
    return shorter <= max(strengths, key=len)


def is_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """They share the molecule and every number that the shorter of the two gives, one at least."""
    return is_near(one, other) and bool(numbers(one) & numbers(other))
