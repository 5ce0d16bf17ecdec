"""The count of failures holds when everything is tried at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from accounts import limits
from accounts.limits import FailureLimit, PaceLimit, TooManyFailuresError


@pytest.mark.django_db(transaction=True)
def test_attempts_sent_at_once_do_not_share_a_place():
    limit = FailureLimit("at-once", ((5, 300),))

    def try_once(_):
        try:
            limit.begin("someone")
        except TooManyFailuresError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(try_once, range(24)))
    assert passed == 5
    cache.clear()


@pytest.mark.django_db
def test_an_attempt_refused_by_one_window_takes_no_place_in_the_other():
    limit = FailureLimit("windows", ((5, 300), (1, 3600)))
    limit.begin("someone")
    for _ in range(10):
        with pytest.raises(TooManyFailuresError):
            limit.begin("someone")
    held_by_first_window = FailureLimit("windows", ((5, 300),))
    for _ in range(4):
        held_by_first_window.begin("someone")
    with pytest.raises(TooManyFailuresError):
        held_by_first_window.begin("someone")


@pytest.mark.django_db
def test_a_machine_of_thousands_of_calls_takes_one_place_in_so_many(monkeypatch):
    draws = iter([0, 1, 1, 0, 1, 0, 1])
    monkeypatch.setattr(limits, "randrange", lambda stride: next(draws))
    limit = PaceLimit(FailureLimit("pace", ((2, 300),)), stride=50)
    for _ in range(4):  # two of them take the two places
        limit.begin("machine")
    for _ in range(3):
        with pytest.raises(TooManyFailuresError):
            limit.begin("machine")
