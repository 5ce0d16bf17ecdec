"""Which followed product a wrong code or a label resembles, without any statement."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product as product_of
from typing import NamedTuple

from medications.models import Product
from pui.transfer.followed import Followed
from pui.transfer.labels import of_product, said_by

UCD_LENGTH = 7
LENGTHS = (UCD_LENGTH, 13)
DIGITS = "0123456789"


class Likely(NamedTuple):
    product: Product
    reason: str


class Likeness:
    """The followed products, indexed once for all the lines of a declaration."""

    def __init__(self, followed: Followed) -> None:
        self.by_code = followed.by_code
        self.by_thirteen = {one.ucd13: one for one in followed.products if one.ucd13}
        self.words = {one.pk: of_product(one) for one in followed.products}
        self.names = frozenset().union(*(words.names for words in self.words.values()))
        self.by_strength: dict[tuple[str, str], list[Product]] = defaultdict(list)
        for one in followed.products:
            for pair in product_of(*self.words[one.pk]):
                self.by_strength[pair].append(one)

    def by_digits(self, digits: str, label: str) -> Iterator[Likely]:
        """Zeros lost or added; then two digits swapped, or one wrong, unless the label objects."""
        if digits and len(digits) != UCD_LENGTH:
            product = self.by_code.get(digits.lstrip("0").zfill(UCD_LENGTH))
            if product:
                is_short = len(digits) < UCD_LENGTH
                reason = "les zéros du début ont disparu" if is_short else "des zéros sont de trop"
                yield Likely(product, reason)
        if len(digits) not in LENGTHS:
            return
        said = said_by(label)
        if said.names and said.names.isdisjoint(self.names):
            return
        known = self.by_code if len(digits) == UCD_LENGTH else self.by_thirteen
        for variant, reason in slips(digits):
            product = known.get(variant)
            if product and (not said.names or said.is_near(self.words[product.pk])):
                same = ", même libellé" if said.is_same(self.words[product.pk]) else ""
                yield Likely(product, f"{reason}{same}")

    def by_label(self, label: str) -> Iterator[Likely]:
        """The same molecule at the same strength."""
        said = said_by(label)
        pairs = product_of(said.names & self.names, said.numbers)
        found = {one.pk: one for pair in pairs for one in self.by_strength.get(pair, ())}
        for pk in sorted(found):
            if said.is_same(self.words[pk]):
                yield Likely(found[pk], "même libellé")


def slips(digits: str) -> Iterator[tuple[str, str]]:
    """Every code one slip away: two neighbours swapped, or one digit replaced."""
    for place in range(len(digits) - 1):
        one, other = digits[place : place + 2]
        if one != other:
            swapped = f"{digits[:place]}{other}{one}{digits[place + 2 :]}"
            yield swapped, "deux chiffres intervertis"
    for place, held in enumerate(digits):
        for digit in DIGITS:
            if digit != held:
                yield f"{digits[:place]}{digit}{digits[place + 1 :]}", "un chiffre différent"
