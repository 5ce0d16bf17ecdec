"""A pharmacy, what it follows, and its token."""

import json

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medications.calendar import calendar_of
from pui.api import transmissions
from pui.models import Transmission
from tests.builders import (
    make_person,
)
from tests.pui.api.sending import (
    ODD,
    URL,
    headers,
    line,
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


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stock=ODD, daily=ODD, code=st.text(max_size=15))
def test_whatever_a_machine_sends_it_is_stored_whole_or_refused_with_a_reason(
    monkeypatch, value, pui, product, stock, daily, code
):
    monkeypatch.setattr(transmissions, "SENT", transmissions.FailureLimit("none", ()))
    body = {
        "pui": {"id": pui.pk},
        "lignes": [line(product, stock, daily), {"ucd": code, "stock": 1}],
        "confirme": [product.code],
    }
    key = f"envoi-{Transmission.objects.count():04}-{timezone.now():%H%M%S%f}"
    response = Client().post(
        URL, json.dumps(body), content_type="application/json", headers=headers(value, key)
    )
    assert response.status_code in (200, 201, 422), response.content
    if response.status_code == 422:
        assert response.json()["detail"]
    else:
        kept = {one["ucd"] for one in response.json()["lignes"]}
        assert kept <= {product.code}
