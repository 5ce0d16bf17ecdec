"""Which followed product a wrong code or a label resembles, without any statement."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from medications.models import Product
from pui.transfer.followed import Followed
from pui.transfer.labels import is_near, is_same, names, tokens

UCD_LENGTH = 7
DIGITS = "0123456789"


class Likely(NamedTuple):
    product: Product
    reason: str


class Likeness:
    """The followed products, indexed once for all the lines of a declaration."""

    def __init__(self, followed: Followed) -> None:
        self.by_code = followed.by_code
        self.by_thirteen = {one.ucd13: one for one in followed.products if one.ucd13}
        self.tokens = {one.pk: tokens(full_label(one)) for one in followed.products}
        self.by_name: dict[str, list[Product]] = defaultdict(list)
        for one in followed.products:
            for name in names(self.tokens[one.pk]):
                self.by_name[name].append(one)

    def by_digits(self, digits: str, label: str) -> Iterator[Likely]:
        """Zeros lost or added; then two digits swapped, or one wrong, unless the label objects."""
        if digits and len(digits) != UCD_LENGTH:
            product = self.by_code.get(digits.lstrip("0").zfill(UCD_LENGTH))
            if product:
                is_short = len(digits) < UCD_LENGTH
                reason = "les zéros du début ont disparu" if is_short else "des zéros sont de trop"
                yield Likely(product, reason)
        known = self.by_code if len(digits) == UCD_LENGTH else self.by_thirteen
        said = tokens(label)
        for variant, reason in slips(digits) if len(digits) in (7, 13) else ():
            product = known.get(variant)
            if product and (not said or is_near(said, self.tokens[product.pk])):
                same = ", même libellé" if is_same(said, self.tokens[product.pk]) else ""
                yield Likely(product, f"{reason}{same}")

    def by_label(self, label: str) -> Iterator[Likely]:
        """The same molecule at the same strength."""
        said = tokens(label)
        for name in sorted(names(said)):
            for product in self.by_name.get(name, ()):
                if is_same(said, self.tokens[product.pk]):
                    yield Likely(product, "même libellé")


def full_label(product: Product) -> str:
    reference = product.reference
    return f"{product.label} {reference.substance.name}" if reference else product.label


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
