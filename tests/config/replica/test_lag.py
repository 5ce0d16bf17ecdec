"""What a process knows of the replica: asked now and then, and believed for as long."""

import pytest
from django.db import OperationalError

from config.replica import lag


class Connections(dict):
    def __missing__(self, alias):
        return self

    def close(self):
        self["closed"] = True

    def close_if_unusable_or_obsolete(self):
        pass


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(lag.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(lag, "connections", Connections())
    return now


@pytest.fixture
def late_by(monkeypatch):
    asked = []

    def say(seconds):
        def measure():
            asked.append(seconds)
            if isinstance(seconds, Exception):
                raise seconds
            return seconds

        monkeypatch.setattr(lag, "measure", measure)

    say.asked = asked
    return say


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, True), (59.9, True), (60.0, False), (None, False)]
)
def test_it_is_read_while_it_is_fresh_and_a_replica(clock, late_by, seconds, expected):
    late_by(seconds)
    assert lag.Watch().is_fresh() is expected


def test_it_is_asked_once_in_a_few_seconds(clock, late_by):
    late_by(0.0)
    watch = lag.Watch()
    assert [watch.is_fresh() for _ in range(50)] == [True] * 50
    assert len(late_by.asked) == 1
    late_by(120.0)
    clock[0] += lag.LOOK_SECONDS
    assert not watch.is_fresh()


def test_one_that_is_silent_is_left_alone_then_tried_again(clock, late_by, caplog):
    late_by(0.0)
    watch = lag.Watch()
    assert watch.is_fresh()
    late_by(OperationalError())
    clock[0] += lag.LOOK_SECONDS
    assert not watch.is_fresh()
    assert "Les lectures vont au primaire" in caplog.text
    late_by(0.0)
    clock[0] += lag.LOOK_SECONDS
    assert not watch.is_fresh()
    clock[0] += lag.SILENT_SECONDS
    assert watch.is_fresh()


def test_threads_do_not_wait_for_the_one_that_looks(clock, late_by):
    watch = lag.Watch()
    seen = []
    late_by(0.0)
    inner = lag.measure
    lag.measure = lambda: seen.append(watch.is_fresh()) or inner()
    try:
        assert watch.is_fresh()
    finally:
        lag.measure = inner
    assert seen == [False]
