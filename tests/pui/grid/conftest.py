"""A pharmacy, two products it follows, the person who declares, and the due day expected now."""

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import Priority
from tests.builders import make_person, make_user
from tests.pui.builders import make_followed, make_list, make_product, make_pui


@pytest.fixture
def autres():
    return make_list()


@pytest.fixture
def due_days(autres):
    """The one just past and the one expected: both are open."""
    return [one.due_on for one in calendar_of(autres).open_periods(timezone.now())]


@pytest.fixture
def due_on(due_days):
    return due_days[-1]


@pytest.fixture
def midazolam(autres):
    return make_followed(make_product("MIDAZOLAM 5 mg/ml"), priority=Priority.NATIONAL)


@pytest.fixture
def propofol(autres):
    return make_followed(make_product("PROPOFOL 10 mg/ml"))


@pytest.fixture
def pui(midazolam, propofol):
    return make_pui()


@pytest.fixture
def gf(client_for, pui):
    """A browser of the person who declares; ``gf.user`` is the person."""
    return client_for("GF", on=pui.establishment)


@pytest.fixture
def nadia(pui):
    """A colleague with the same right."""
    return make_person(
        "GF", on=pui.establishment, user=make_user(first_name="Nadia", last_name="Benali")
    )
