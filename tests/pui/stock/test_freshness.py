"""Fresh: the last due day whose hour has come was declared. Stale: since the first one missed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pui.stock.freshness import (
    State,
    freshness_of,
    is_fresh,
    last_declared,
    required_day,
)
from tests.pui.builders import make_followed, make_pui

pytestmark = pytest.mark.django_db


def test_whoever_declared_the_last_due_day_is_fresh(calendar, due_days):
    found = freshness_of(due_days[0], calendar, timezone.now())
    assert found.is_fresh
    assert found.text == f"À jour, échéance du {due_days[0]:%d/%m}"


def test_whoever_declared_the_next_one_already_is_fresh_too(calendar, due_days):
    expected = calendar.expected(timezone.now()).due_on
    assert freshness_of(expected, calendar, timezone.now()).is_fresh


def test_stale_since_the_hour_of_the_first_due_day_missed(calendar, due_days):
    found = freshness_of(due_days[3], calendar, timezone.now())
    assert found.state is State.STALE
    assert found.since == calendar.due_at(due_days[2])
    assert found.text == f"Périmé depuis le {due_days[2]:%d/%m} à 18\u00a0h"


def test_nothing_declared_is_told_as_such(calendar):
    found = freshness_of(None, calendar, timezone.now())
    assert (found.state, found.text) == (State.NEVER, "Jamais déclaré")
    assert not is_fresh(None, required_day(calendar, timezone.now()))


def test_a_pharmacy_becomes_stale_at_the_hour_not_before(calendar, due_days):
    at = calendar.due_at(due_days[0])
    assert freshness_of(due_days[1], calendar, at).is_fresh
    assert not freshness_of(due_days[1], calendar, at + timedelta(seconds=1)).is_fresh


def test_the_last_due_day_declared_of_each_pharmacy_and_of_this_list_alone(
    site, pui, due_days, declare
):
    product = make_followed()
    silent = make_pui("PUI Muette", on=site)
    declare(pui, due_days[2], {product: (10, 1)})
    declare(pui, due_days[1], {product: (9, 1)})
    assert last_declared([pui, silent], "autres") == {pui.pk: due_days[1]}
    assert last_declared([pui], "grippe") == {}
