"""What every test here with the database has: national data; for those who ask, places."""

import pytest

from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)
from tests.epi_stocks.truth import expect
from tests.epi_stocks.visu import FFP2, WEEK


@pytest.fixture(autouse=True)
def reference(request):
    """Load again for each test: a ``transaction=True`` test before it emptied the tables."""
    for name in ("transactional_db", "db"):
        if request.node.get_closest_marker("django_db") or name in request.fixturenames:
            marker = request.node.get_closest_marker("django_db")
            is_transactional = marker and marker.kwargs.get("transaction")
            request.getfixturevalue("transactional_db" if is_transactional else "db")
            load_epi_reference()
            return


@pytest.fixture
def region():
    """Three sites of a region: in rupture, tense, silent; and one far away."""
    expect(make_category())
    loiret, cher = make_department(), make_department("18", "Cher")
    shortage = make_establishment(department=loiret, name="EHPAD Sans Masque")
    tense = make_establishment(department=cher, name="CH Tendu")
    silent = make_establishment(department=cher, name="IME Silencieux")
    make_line(shortage, WEEK, FFP2, stock=0, daily=10, supply=0)
    make_line(tense, WEEK, FFP2, stock=100, daily=10)
    far = make_establishment(
        department=make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne")),
        name="CH Lointain",
    )
    make_line(far, WEEK, FFP2, stock=7000, daily=10)
    refresh_due_weeks()
    return {"shortage": shortage, "tense": tense, "silent": silent, "far": far}


@pytest.fixture
def place():
    return make_establishment()


@pytest.fixture
def person(place):
    return make_person("OIE", on=place)
