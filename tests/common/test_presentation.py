"""How figures, weeks and official numbers are written on a page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from common.french import alphabetical
from common.templatetags import presentation


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234567, "1\u202f234\u202f567"),
        (0, "0"),
        (Decimal("0.50"), "0,5"),
        (None, "–"),
    ],
)
def test_a_number_is_written_in_french_and_blank_is_not_zero(value, written):
    assert presentation.number(value) == written


def test_a_day_is_written_as_in_paris_and_nothing_as_nothing():
    late_evening = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    written = [presentation.day(one) for one in (date(2026, 11, 16), late_evening, None)]
    assert written == ["16/11/2026", "16/11/2026", ""]
    written = [presentation.short_day(one) for one in (date(2026, 11, 16), late_evening, None)]
    assert written == ["16/11", "16/11", ""]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Éric Dumas", "d’Éric Dumas"),
        ("Hugo Masson", "d’Hugo Masson"),
        ("Yves Morel", "d’Yves Morel"),
        ("Yann Muller", "de Yann Muller"),
        ("Julien Moreau", "de Julien Moreau"),
        ("", "de "),
    ],
)
def test_the_name_that_follows_de_is_elided_as_one_says_it(name, written):
    assert presentation.of(name) == written


def test_names_are_sorted_as_in_a_dictionary():
    names = ["Île-de-France", "Ardèche", "Alpes-Maritimes", "Ardennes", "Alpes-de-Haute-Provence"]
    assert sorted(names, key=alphabetical) == [
        "Alpes-de-Haute-Provence",
        "Alpes-Maritimes",
        "Ardèche",
        "Ardennes",
        "Île-de-France",
    ]


def test_an_official_number_is_grouped():
    assert presentation.finess("450990106").replace("\u202f", " ").replace("\u00a0", " ") == (
        "45 099 010 6"
    )


def test_a_week_is_named_by_its_number_and_its_days():
    assert presentation.week_label(date(2026, 11, 16)) == "N°47 du 16/11/2026 au 22/11/2026"


@pytest.mark.parametrize(
    ("count", "written"), [(0, "site"), (1, "site"), (-1, "site"), (2, "sites")]
)
def test_the_french_plural_begins_at_two(count, written):
    assert f"site{presentation.plural(count)}" == written
    assert presentation.plural(3, "x") == "x"


def test_a_phone_keeps_the_rest_of_a_long_table_for_later_and_a_short_one_whole():
    assert [presentation.kept_for_later(range(count)) for count in (0, 15, 16, 50)] == [0, 0, 6, 40]
