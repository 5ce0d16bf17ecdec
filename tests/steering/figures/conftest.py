"""Files of the test alone, national data, and a country that declared a week now closed."""

from datetime import timedelta

import pytest

from common.weeks import closes_at, current_week, shift
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from medications.services.reference import load_medication_reference
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_region,
)
from tests.epi_stocks.truth import expect
from tests.epi_stocks.visu import FFP2

WEEK = shift(current_week(), -2)
AFTER = closes_at(WEEK) + timedelta(hours=5)
COUNTS = {"45": 7, "18": 6, "35": 9, "29": 8, "75": 2, "77": 9}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def reference(db):
    load_epi_reference()
    load_medication_reference()


@pytest.fixture
def country():
    """Three regions; Paris, of two entities, is secret."""
    expect(make_category())
    regions = {
        "24": make_region(),
        "53": make_region("53", "Bretagne"),
        "11": make_region("11", "Île-de-France"),
    }
    places = {
        "45": make_department(),
        "18": make_department("18", "Cher"),
        "35": make_department("35", "Ille-et-Vilaine", regions["53"]),
        "29": make_department("29", "Finistère", regions["53"]),
        "75": make_department("75", "Paris", regions["11"]),
        "77": make_department("77", "Seine-et-Marne", regions["11"]),
    }
    for code, count in COUNTS.items():
        for rank in range(count):
            site = make_establishment(department=places[code])
            make_line(site, WEEK, FFP2, stock=100 + 10 * rank, daily=10)
    refresh_due_weeks()
    return places
