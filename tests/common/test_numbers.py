from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.numbers import (
    MAXIMUM,
    NumberError,
    format_decimal,
    format_integer,
    format_percent,
    parse_decimal,
    parse_integer,
    percent,
    row_number,
)


@pytest.mark.parametrize("blank", [None, "", "   ", "\u00a0", "\u202f\t"])
def test_blank_is_not_zero(blank):
    assert parse_integer(blank) is None
    assert parse_decimal(blank) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        (" 12 ", 12),
        ("\ufeff12", 12),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("12 345", 12345),
        ("1.234.567", 1234567),
        ("12,0", 12),
        ("1 234,00", 1234),
        (12, 12),
        (12.0, 12),
        (Decimal("12.00"), 12),
        (12.000000000000002, 12),
    ],
)
def test_whole_numbers_are_read_as_people_write_them(text, number):
    assert parse_integer(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.50"),
        ("1 234,5", "1234.50"),
        ("0,333", "0.33"),
        ("0.335", "0.34"),
        ("12.5", "12.50"),
        ("1,2345", "1.23"),
        ("1234,567", "1234.57"),
        ("1.234,567", "1234.57"),
        (0.1 + 0.2, "0.30"),
        (1199.9999999999998, "1200.00"),
    ],
)
def test_decimals_are_read_and_rounded(text, number):
    assert str(parse_decimal(text)) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,234", "ambigu"),
        ("1.234", "ambigu"),
        ("999,999", "ambigu"),
        ("1_000", "le caractère « _ »"),
        ("１２", "un autre alphabet"),
        ("١٢", "un autre alphabet"),
        ("1e3", "notation scientifique"),
        ("3,40089E+12", "notation scientifique"),
        (",5", "mal placés"),
        ("5,", "mal placés"),
        ("1,2,3", "mal placés"),
        ("1,234.5", "mal placés"),
        ("12 34", "mal placés"),
        ("1  234", "mal placés"),
        ("1.23.456", "mal placés"),
        ("NaN", "des lettres"),
        ("inf", "des lettres"),
        ("-4", "négative"),
        ("−4", "négative"),
        ("- 1 200,5", "négative"),
        ("+4", "le caractère « + »"),
        ("12 boîtes", "des lettres"),
        ("1 2O0", "la lettre O"),
        ("5 %", "le caractère « % »"),
        ("#N/A", "erreur de calcul"),
        ("=A1*2", "formule sans résultat"),
        ("9" * 41, "trop long"),
        ("9" * 12, "dépasse 999\u202f999\u202f999"),
        (-4, "négative"),
        (10**30, "dépasse"),
        (float("nan"), "pas une quantité"),
        (float("inf"), "pas une quantité"),
        (Decimal("sNaN"), "pas une quantité"),
        (True, "vrai"),
    ],
)
@pytest.mark.parametrize("parse", [parse_integer, parse_decimal])
def test_what_could_be_read_in_two_ways_or_in_none_is_refused(parse, text, reason):
    with pytest.raises(NumberError) as refusal:
        parse(text)
    assert reason in str(refusal.value).replace("\u00a0", " ")
    assert "Attendu" in str(refusal.value)


def test_the_sentence_names_the_value_the_reason_and_what_was_expected():
    with pytest.raises(NumberError) as refusal:
        parse_integer("1 2O0")
    assert str(refusal.value) == (
        "«\u00a01 2O0\u00a0» n’est pas un nombre entier\u00a0: la lettre O. "
        "Attendu\u00a0: un nombre entier positif ou nul, par exemple 1200 ou 1 200."
    )
    assert (refusal.value.value, refusal.value.reason) == ("1 2O0", "la lettre O")


def test_half_a_box_is_no_whole_number():
    with pytest.raises(NumberError, match="il a des décimales"):
        parse_integer(12.5)


def test_a_quantity_never_rounds_to_none_at_all():
    with pytest.raises(NumberError, match="trop petit, moins de 0,01"):
        parse_decimal("0,004")
    assert parse_decimal("0,000") == 0


def test_the_maximum_is_what_the_database_holds():
    assert parse_integer(str(MAXIMUM)) == MAXIMUM < 2**31
    with pytest.raises(NumberError, match="dépasse 100"):
        parse_integer("101", maximum=100)


def test_a_long_text_is_shortened_in_the_sentence():
    with pytest.raises(NumberError) as refusal:
        parse_integer("boîtes\x00" * 1000)
    assert len(str(refusal.value)) < 200
    assert "\x00" not in str(refusal.value)


@given(st.integers(0, MAXIMUM))
def test_what_is_shown_can_be_typed_back(number):
    assert parse_integer(format_integer(number)) == number


@given(st.decimals(0, MAXIMUM, places=2))
def test_a_decimal_shown_can_be_typed_back(number):
    assert parse_decimal(format_decimal(number)) == number
    assert parse_decimal(format_decimal(number, places=2)) == number


@given(st.text(max_size=50))
def test_any_text_is_a_number_blank_or_a_sentence(text):
    try:
        number = parse_decimal(text)
    except NumberError:
        return
    assert number is None or 0 <= number <= MAXIMUM


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "1.0", "\x00", "9" * 19])
def test_a_text_that_is_no_row_number_is_that_of_no_row(text):
    assert row_number(text) == 0
    assert row_number("0012") == 12


def test_numbers_are_shown_the_french_way():
    assert format_integer(1234567) == "1\u202f234\u202f567"
    assert format_integer(-1234) == "\u22121\u202f234"
    assert format_decimal(Decimal("1234.50")) == "1\u202f234,5"
    assert format_decimal(Decimal("1234.5"), places=2) == "1\u202f234,50"
    assert format_decimal(12) == "12"
    assert format_decimal(-0.001) == "0"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (7, 13, "54\u00a0%"),
        (0, 13, "0\u00a0%"),
        (13, 13, "100\u00a0%"),
        (1, 1000, "1\u00a0%"),
        (999, 1000, "99\u00a0%"),
        (1, 200, "1\u00a0%"),
        (0, 0, "sans objet"),
    ],
)
def test_a_share_is_rounded_but_never_says_all_or_none_in_vain(part, whole, text):
    assert format_percent(part, whole) == text


@given(part=st.integers(0, 10**6), more=st.integers(0, 10**6))
def test_a_share_is_all_only_of_all_and_none_only_of_none(part, more):
    if whole := part + more:
        shown = percent(part, whole)
        assert abs(shown - 100 * part / whole) < 1
        assert (shown == 100) == (part == whole)
        assert (shown == 0) == (part == 0)
