"""What all who follow a territory read is read once for them, for half a minute."""

import pytest
from django.db import OperationalError

from common import kept as common_kept
from common.kept import Kept, KeptByKey


@pytest.fixture
def clock(monkeypatch, kept):
    """Time stands still until ``clock.append`` moves it."""
    times = [1000.0]
    monkeypatch.setattr(common_kept, "monotonic", lambda: times[-1])
    return times


def reader():
    asked = []

    def read():
        asked.append(1)
        return len(asked)

    return read


def test_the_second_who_asks_reads_what_the_first_read(clock):
    shared, read = KeptByKey(), reader()
    assert [shared.value("24", read), shared.value("24", read)] == [1, 1]


def test_another_territory_is_read_for_itself(clock):
    shared, read = KeptByKey(), reader()
    assert [shared.value("24", read), shared.value("53", read)] == [1, 2]


def test_two_readings_of_one_territory_are_not_confused(clock):
    first, second = KeptByKey(), KeptByKey()
    assert (first.value("24", lambda: "a"), second.value("24", lambda: "b")) == ("a", "b")


def test_half_a_minute_later_it_is_read_again(clock):
    shared, read = KeptByKey(), reader()
    shared.value("24", read)
    clock.append(1029.0)
    assert shared.value("24", read) == 1
    clock.append(1030.0)
    assert shared.value("24", read) == 2


def test_nothing_found_is_kept_too(clock):
    shared, asked = KeptByKey(), []
    for _ in range(2):
        assert shared.value("24", lambda: asked.append(1) or []) == []
    assert asked == [1]


def test_no_more_than_so_many_are_held(clock, monkeypatch):
    monkeypatch.setattr(common_kept, "MOST_KEYS", 3)
    shared = KeptByKey()
    for number in range(10):
        shared.value(number, lambda: "x")
    assert len(common_kept._SHARED) <= 3


OURS = KeptByKey()


@pytest.fixture(scope="module")
def read_before():
    """As the demonstration, which is built once for all the tests of a file."""
    OURS.value("24", lambda: "avant")


def test_no_test_reads_what_was_kept_before_it(read_before):
    assert OURS.value("24", lambda: "maintenant") == "maintenant"


def broken():
    raise OperationalError


def test_what_each_process_keeps_is_read_again_half_a_minute_later_or_when_it_is_forgotten(clock):
    one = Kept(reader(), nothing=0)
    assert [one.value(), one.value()] == [1, 1]
    clock.append(1029.0)
    assert one.value() == 1
    clock.append(1030.0)
    assert one.value() == 2
    one.forget()
    assert one.value() == 3


def test_without_the_base_nothing_is_said_rather_than_what_was_known(clock):
    answers = [lambda: "annonce", broken, broken, lambda: "autre"]
    one = Kept(lambda: answers.pop(0)(), nothing="")
    told = []
    for _ in range(3):
        told.append(one.value())
        clock.append(clock[-1] + 30)
    assert told == ["annonce", "", ""]
    assert one.value() == "autre"


def test_the_base_is_not_asked_again_at_each_page_while_it_does_not_answer(clock):
    asked = []
    one = Kept(lambda: asked.append(1) or broken(), nothing="")
    assert [one.value(), one.value()] == ["", ""]
    assert asked == [1]


def test_what_must_be_so_is_an_error_without_the_base(clock):
    one = Kept(broken, nothing=[], needs_base=True)
    for _ in range(2):
        with pytest.raises(OperationalError):
            one.value()
