"""What a process knows of the replica: asked now and then, and believed for as long."""

import pytest
from django.db import OperationalError

from config.replica import lag


class Connection:
    errors_occurred = True

    def close(self):
        pass


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(lag.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(lag, "connections", {lag.REPLICA: Connection()})
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


def test_the_primary_that_fails_is_not_taken_for_the_replica(clock, late_by, caplog):
    late_by(0.0)
    watch = lag.Watch()
    assert watch.is_fresh()
    caplog.clear()
    lag.connections[lag.REPLICA].errors_occurred = False
    late_by(OperationalError())
    clock[0] += lag.LOOK_SECONDS
    with pytest.raises(OperationalError):
        watch.is_fresh()
    assert caplog.text == ""


def seen_by_another(watch, monkeypatch, looking):
    """What another thread is told while one looks, for so many seconds."""
    inner, seen = lag.measure, []

    def measure():
        looking()
        seen.append(watch.is_fresh())
        return inner()

    monkeypatch.setattr(lag, "measure", measure)
    watch.is_fresh()
    return seen


def test_threads_do_not_wait_for_the_one_that_looks(clock, late_by, monkeypatch):
    late_by(0.0)
    assert seen_by_another(lag.Watch(), monkeypatch, lambda: None) == [False]


@pytest.mark.parametrize(("more", "expected"), [(1.9, True), (2.0, False)])
def test_what_was_known_is_not_believed_for_long(clock, late_by, monkeypatch, more, expected):
    """Else a replica that answers nobody would be read later than one's own write is remembered."""
    late_by(0.0)
    watch = lag.Watch()
    assert watch.is_fresh()
    clock[0] += lag.LOOK_SECONDS

    def looking():
        clock[0] += more

    assert seen_by_another(watch, monkeypatch, looking) == [expected]
