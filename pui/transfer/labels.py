"""Whether two labels may name the same product: molecule and strength, however they are written."""

import re
from typing import NamedTuple

from establishments.models.search import plain_words
from medications.models import Product

SHORTEST_NAME = 4  # letters: « amp » and « sol » name no molecule
_PARTS = re.compile(r"[0-9]+|[a-z]+")


class Words(NamedTuple):
    """What a label says: words, one of which may be the molecule, and numbers of the strength."""

    names: frozenset[str]
    numbers: frozenset[str]

    def is_near(self, other: "Words") -> bool:
        """They share the name of a molecule, and a number when both give some."""
        if not self.names & other.names:
            return False
        return not self.numbers or not other.numbers or bool(self.numbers & other.numbers)

    def is_same(self, other: "Words") -> bool:
        """They share a molecule, and one gives no number that the other does not."""
        if not self.names & other.names or not self.numbers & other.numbers:
            return False
        return self.numbers <= other.numbers or self.numbers >= other.numbers


def tokens(label: str) -> list[str]:
    """« 10MG/ML » and « 10 mg/ml » are the same three."""
    return [part for word in plain_words(label) for part in _PARTS.findall(word)]


def key_of_label(label: str) -> str:
    return " ".join(tokens(label))


def said_by(label: str) -> Words:
    found = tokens(label)
    return Words(frozenset(filter(is_name, found)), numbers(found))


def of_product(product: Product) -> Words:
    """Its molecule and the first word of its label: « ampoule » names nothing."""
    found = tokens(product.label)
    names = [*filter(is_name, found)][:1]
    for made_of in (product.substance, product.reference and product.reference.substance):
        names += filter(is_name, tokens(made_of.name)) if made_of else ()
    return Words(frozenset(names), numbers(found))


def is_name(token: str) -> bool:
    return token.isalpha() and len(token) >= SHORTEST_NAME


def numbers(found: list[str]) -> frozenset[str]:
    return frozenset(filter(str.isdecimal, found))
