"""What a process measured: added up, written once in a batch, kept while the base refuses it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from common.statements import Slow
from monitoring import recorder as module
from monitoring.models import Fault, SlowStatement, Total, Traffic
from monitoring.recorder import MOST_CELLS, MOST_FAULTS, PAGE, REST, FaultSeen

pytestmark = pytest.mark.django_db
HOME = (PAGE, "home", "GET", "200")


def fault(number="abc"):
    return FaultSeen(datetime.now(UTC), number, "home", "GET", "500", "ValueError")


def test_what_was_measured_is_written_once(own):
    own.add(HOME, 12, statements=3, statement_millis=4)
    own.add(HOME, 700, statements=1, statement_millis=600)
    assert own.flush()
    assert own.flush()
    (total,) = Total.objects.all()
    assert (total.count, total.millis, total.statements) == (2, 712, 4)
    assert (total.buckets[2], total.buckets[7], sum(total.buckets)) == (1, 1, 2)
    assert sum(Traffic.objects.values_list("count", flat=True)) == 2


def test_two_processes_add_up(own):
    other = module.Recorder()
    for one in (own, other, own):
        one.add(HOME, 12)
        one.flush()
    assert Total.objects.get().count == 3
    assert Total.objects.get().buckets[2] == 3


def test_a_request_writes_nothing_to_the_base(own):
    with CaptureQueriesContext(connection) as sent:
        own.add(HOME, 12)
        own.fault(fault())
        own.slow(Slow("SELECT ?", 0.5), "home")
    assert len(sent) == 0


def test_a_batch_takes_few_statements_whatever_its_size(own):
    def statements_for(routes):
        for number in range(routes):
            own.add((PAGE, f"page-{number}", "GET", "200"), 12)
        with CaptureQueriesContext(connection) as sent:
            own.flush()
        return sum("monitoring_" in one["sql"] for one in sent)

    assert statements_for(30) == statements_for(3)


def refuse(batch):
    raise OperationalError("no")


def test_what_the_base_refuses_waits_for_the_next_time(own, monkeypatch):
    def refuse_meanwhile(batch):
        own.add(HOME, 12)
        own.slow(Slow("SELECT ?", 0.75), "aid")  # asked while the base refuses
        refuse(batch)

    own.add(HOME, 12)
    own.fault(fault())
    own.slow(Slow("SELECT ?", 0.5), "home")
    with monkeypatch.context() as broken:
        broken.setattr(module, "write", refuse_meanwhile)
        assert not own.flush()
    assert own.flush()
    assert Total.objects.get().count == 2
    assert Fault.objects.count() == 1
    one = SlowStatement.objects.get()
    assert (one.count, one.millis, one.slowest, one.name) == (2, 1250, 750, "aid")
    assert one.first_at < one.last_at


def test_memory_is_bounded_while_the_base_refuses_for_long(own, monkeypatch):
    monkeypatch.setattr(module, "write", refuse)
    for turn in range(3):
        for number in range(MOST_CELLS + 1):
            own.add((PAGE, f"page-{turn}-{number}", "GET", "200"), 1)
        for _ in range(MOST_FAULTS):
            own.fault(fault())
        for number in range(module.MOST_STATEMENTS):
            own.slow(Slow(f"SELECT {turn}, {number}", 1), "home")
        assert not own.flush()
    batch = own.take()
    assert len(batch.cells) == MOST_CELLS
    assert len(batch.faults) == MOST_FAULTS
    assert len(batch.slow) == module.MOST_STATEMENTS


def test_memory_is_bounded_whatever_comes(own):
    for number in range(MOST_CELLS + 50):
        own.add((PAGE, f"page-{number}", "GET", "200"), 1)
    for _ in range(MOST_FAULTS + 50):
        own.fault(fault())
    for number in range(500):
        own.slow(Slow(f"SELECT {number}", 1), "home")
    batch = own.take()
    assert len(batch.cells) <= MOST_CELLS + 1
    assert sum(cell.count for cell in batch.cells.values()) == MOST_CELLS + 50
    assert any(key[1] == REST for _, key in batch.cells)
    assert len(batch.faults) == MOST_FAULTS
    assert len(batch.slow) == module.MOST_STATEMENTS


def test_the_same_slow_statement_is_one_line(own):
    own.slow(Slow("SELECT ?", 0.5), "home")
    own.flush()
    own.slow(Slow("SELECT ?", 1.5), "aid")
    own.flush()
    one = SlowStatement.objects.get()
    assert (one.count, one.millis, one.slowest, one.name) == (2, 2000, 1500, "aid")


def test_no_thread_starts_where_measures_are_not_written(own):
    own.add(HOME, 12)
    assert own._writer is None


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_its_own_writes_from_time_to_time(own, settings):
    settings.MEASURES_EVERY_SECONDS = 0.02
    own.add(HOME, 12)
    end = monotonic() + 20
    while not Total.objects.exists() and monotonic() < end:
        sleep(0.02)
    own._end.set()
    own._writer.join(20)
    assert Total.objects.get().count == 1
    own.add(HOME, 12)
    own._write_a_last_time()  # as when the process ends
    own._writer.join(20)
    assert Total.objects.get().count == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_when_the_process_ends_is_waited_for(own, settings, monkeypatch):
    began, ended = Event(), Event()

    def slowly(batch):
        began.set()
        sleep(0.2)
        ended.set()

    monkeypatch.setattr(module, "write", slowly)
    settings.MEASURES_EVERY_SECONDS = 0.02
    own.add(HOME, 12)
    assert began.wait(20)
    own._write_a_last_time()
    assert ended.is_set()


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_write_the_same_lines_at_once_lose_nothing(own):
    """In opposite orders: sorted, they wait for each other and none is refused."""
    keys = [(PAGE, f"page-{number}", "GET", "200") for number in range(30)]

    def measure(order):
        one = module.Recorder()
        refused = 0
        for _ in range(5):
            for key in order:
                one.add(key, 12)
            refused += not one.flush()
        connection.close()
        return refused

    with ThreadPoolExecutor(2) as both:
        refusals = list(both.map(measure, [keys, keys[::-1]]))
    assert refusals == [0, 0]
    assert set(Total.objects.values_list("count", flat=True)) == {10}
