"""Pharmacies that declared some of the last due days, as the pages of the stock show them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_list, make_pui, make_transmission


@pytest.fixture
def calendar(db):
    return calendar_of(make_list())


@pytest.fixture
def due_days(calendar):
    """Those whose hour has come, the last first."""
    return calendar.past_dues(timezone.now(), 12)


@pytest.fixture
def site(db):
    return make_establishment()


@pytest.fixture
def gf(site):
    return make_person("GF", on=site)


@pytest.fixture
def pui(site):
    return make_pui(on=site)


@pytest.fixture
def declare(calendar, gf):
    """``declare(pui, due_on, {product: (stock, daily)})``, an hour before it is due."""

    def send(pui, due_on, lines, by=None):
        now = calendar.due_at(due_on) - timedelta(hours=1)
        return make_transmission(pui, lines, by=by or gf, due_on=due_on, now=now)

    return send
