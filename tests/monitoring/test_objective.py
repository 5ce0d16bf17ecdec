"""The objective: what is counted, what misses it, what is left of the budget."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.routes import MAINTENANCE, STATIC
from monitoring.objective import Budget, budget_ever, budget_since
from monitoring.recorder import JOB, PAGE

pytestmark = pytest.mark.django_db


def now_budget():
    return budget_since(timezone.now() - timedelta(hours=1))


def test_a_failure_and_a_slow_answer_miss_it_alike(own):
    for millis, outcome in [(20, "200"), (1000, "302"), (20, "404"), (1001, "200"), (20, "500")]:
        own.add((PAGE, "home", "GET", outcome), millis)
    own.add((PAGE, "home", "GET", "503"), 2000)  # both at once: missed once
    own.flush()
    for found in (now_budget(), budget_ever()):
        assert (found.total, found.missed) == (6, 3)


@pytest.mark.parametrize("name", [STATIC, MAINTENANCE, "health"])
def test_files_probes_and_a_wanted_closure_are_not_counted(own, name):
    own.add((PAGE, name, "GET", "503"), 20)
    own.add((JOB, "home", "", "failed"), 20)
    own.flush()
    assert (now_budget().total, now_budget().missed) == (0, 0)


def test_what_is_left_of_the_budget():
    half = Budget(total=10_000, missed=5, percent=99.9)
    assert half.allowed == pytest.approx(10)
    assert half.left_percent == pytest.approx(50)
    assert half.burn_rate == pytest.approx(0.5)
    assert half.kept_percent == pytest.approx(99.95)
    spent = Budget(total=10_000, missed=30, percent=99.9)
    assert spent.left_percent == pytest.approx(-200)
    assert spent.burn_rate == pytest.approx(3)


def test_without_a_request_nothing_is_promised_nor_broken():
    nothing = Budget(0, 0, 99.9)
    assert (nothing.kept_percent, nothing.left_percent, nothing.burn_rate) == (None, None, None)
