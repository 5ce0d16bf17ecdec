"""A pharmacy, what it follows, and its token."""

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from tests.builders import (
    make_person,
)
from tests.pui.api.sending import (
    token_of,
)
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
)


@pytest.fixture
def product():
    return make_followed(make_product("MIDAZOLAM 5 mg/ml"))


@pytest.fixture
def pui(product):
    return make_pui()


@pytest.fixture
def value(pui):
    return token_of(make_person("APE", on=pui.establishment))


@pytest.fixture
def due_days():
    periods = calendar_of(make_list()).open_periods(timezone.now())
    return [one.due_on for one in periods]
