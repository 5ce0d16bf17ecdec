"""Nouns agree with their numbers: the French plural begins at 2."""

from decimal import Decimal

import pytest

from orders.quotas.words import agreed, counted


@pytest.mark.parametrize(
    ("name", "number", "written"),
    [
        ("masques chirurgicaux", 2, "masques chirurgicaux"),
        ("masques chirurgicaux", 1, "masque chirurgical"),
        ("masques FFP2", Decimal("1.99"), "masque FFP2"),
        ("masques FFP2", Decimal("2"), "masques FFP2"),
        ("gants", 0, "gant"),
        ("protections de chevelure", 1, "protection de chevelure"),
        ("lunettes de protection", Decimal("0.05"), "lunettes de protection"),
        ("masques à reclasser GP", 1, "masque à reclasser GP"),
    ],
)
def test_a_noun_after_a_number(name, number, written):
    assert agreed(name, number) == written


def test_a_number_and_its_noun():
    assert counted(1_200, "unités") == "1\u202f200\u00a0unités"
    assert counted(1, "bénéficiaires") == "1\u00a0bénéficiaire"
    assert counted(0, "unités") == "0\u00a0unité"
