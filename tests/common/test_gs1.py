"""The GS1 code of a box, as scanners send it, cameras read it and people copy it."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.gs1 import SEPARATOR, Elements, Gs1Error, check_digit, day_of, parse

TODAY = date(2026, 11, 20)
GTIN = "03400930000120"
GTINS = (
    st.integers(0, 10**13 - 1)
    .map(lambda number: f"{number:013d}")
    .map(lambda digits: digits + check_digit(digits))
)
# of the 82 characters, those that no scanner sends in place of the separator; no hidden expiry
LOTS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ-./", min_size=1, max_size=20)
DAYS = st.dates(date(2000, 1, 1), date(2049, 12, 31))


def read(text) -> Elements:
    return parse(text, today=TODAY)


@given(GTINS, LOTS, DAYS, LOTS, st.permutations(["01", "10", "17", "21"]))
def test_what_is_written_is_read_in_any_order(gtin, lot, day, serial, order):
    values = {"01": gtin, "10": lot, "17": f"{day:%y%m%d}", "21": serial}
    free = {"10", "21"}
    code = "".join(one + values[one] + (SEPARATOR if one in free else "") for one in order)
    found = read(f"]d2{code}")
    assert (found.gtin, found.lot, found.expires_on, found.serial) == (gtin, lot, day, serial)
    printed = "".join(f"({one}){values[one]}" for one in order)
    assert read(printed) == found


@given(GTINS, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_product_is_always_seen(gtin, place, shift):
    wrong = str((int(gtin[place]) + shift) % 10)
    with pytest.raises(Gs1Error, match="clé"):
        read(f"01{gtin[:place]}{wrong}{gtin[place + 1 :]}")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        told = read(text).values
    except Gs1Error as refusal:
        told = str(refusal)
    assert told


@given(st.integers(0, 99), st.integers(1, 12), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_day_00_is_the_last_of_the_month_and_the_century_the_nearest(year, month, today):
    found = day_of(f"{year:02d}{month:02d}00", today=today)
    assert (found.year % 100, found.month) == (year, month)
    assert found.day == monthrange(found.year, month)[1]
    assert -50 < found.year - today.year < 51


def test_a_year_51_ahead_is_of_the_past_century():
    assert day_of("770131", today=date(2026, 1, 1)).year == 1977
    assert day_of("760131", today=date(2026, 1, 1)).year == 2076
    assert day_of("010131", today=date(2099, 1, 1)).year == 2101


@pytest.mark.parametrize("sign", [SEPARATOR, "␝", "{GS}", "<GS>", "|", "~", "^", "#"])
def test_what_scanners_send_in_place_of_the_separator_is_one(sign):
    found = read(f"01{GTIN}10AB12{sign}1727063021ZX9")
    assert (found.lot, found.expires_on, found.serial) == ("AB12", date(2027, 6, 30), "ZX9")


@pytest.mark.parametrize("mark", ["", "]d2", "]C1", SEPARATOR, f"]d2{SEPARATOR}"])
def test_the_mark_of_the_symbol_and_the_first_separator_are_no_data(mark):
    assert read(f"{mark}01{GTIN}17270600").expires_on == date(2027, 6, 30)


def test_a_lost_separator_is_said_and_not_guessed():
    with pytest.raises(Gs1Error, match="séparateur"):
        read(f"01{GTIN}10AB1217270630")
    assert read(f"01{GTIN}1727063010AB12").lot == "AB12"


def test_counts_and_national_numbers_are_read():
    found = read(f"01{GTIN}30195{SEPARATOR}7113400930000120{SEPARATOR}10L1")
    assert (found.count, found.values["711"], found.lot) == (195, "3400930000120", "L1")
    assert read(f"02{GTIN}3724").count == 24


@pytest.mark.parametrize(
    "text",
    [
        "",
        "]d1ABC",  # a DataMatrix that is not GS1
        "à&à&'éà",  # a scanner of another keyboard
        f"01{GTIN[:10]}",
        f"01{GTIN}17271301",
        f"01{GTIN}10{'A' * 21}",
        f"01{GTIN}10A{SEPARATOR}10B",
        f"(01){GTIN}(10)",
        "9" * 500,
    ],
)
def test_what_is_no_code_of_a_box_is_refused(text):
    with pytest.raises(Gs1Error):
        read(text)
