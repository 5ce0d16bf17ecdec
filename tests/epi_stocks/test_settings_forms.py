"""The settings read numbers and hours as the grid does."""

import pytest

from common.weeks import current_week
from epi_stocks.settings_forms import CalendarForm, ThresholdForm

pytestmark = pytest.mark.django_db
WEEK = current_week()


def thresholds(shortage):
    days = {"shortage": shortage, "critical": "7", "tense": "21"}
    return ThresholdForm({**days, "week": str(WEEK), "item_id": ""}, week=WEEK)


def calendar(at="18:00", days="14"):
    sent = {"expected_weekday": "4", "expected_time": at, "closes_after_days": days}
    return CalendarForm({**sent, "week": str(WEEK)}, week=WEEK)


@pytest.mark.parametrize("text", ["１２", "1e1", "٣", "1,5", "douze"])
def test_days_are_read_by_the_one_number_parser(text):
    assert "nombre entier" in str(thresholds(text).errors["shortage"])
    assert "nombre entier" in str(calendar(days=text).errors["closes_after_days"])


def test_days_have_bounds_and_are_compulsory():
    assert thresholds("2").is_valid()
    assert thresholds(" 2 ").is_valid()
    for text in ("", "0", "366"):
        assert "shortage" in thresholds(text).errors


def test_an_hour_is_written_in_our_digits():
    assert calendar("18:30").is_valid()
    assert "expected_time" in calendar("1８:3０").errors
