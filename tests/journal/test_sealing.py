"""What is written is sealed within the minute, in batches that nothing can still enter."""

import json
import logging

import pytest
from django.db import DatabaseError, transaction

from common.locks import Lock
from journal import tasks
from journal.models import Entry, Seal
from journal.sealing import canonical, heads, seals
from journal.sealing.canonical import chained
from journal.sealing.keys import MissingKeyError
from journal.sealing.seals import BrokenChainError, seal_pending
from journal.sealing.standing import standing
from journal.services import record
from tests.journal.tampering import last_entry, sealed, tamper, verify, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]
INSERT = (
    "INSERT INTO journal_entry (at, verb, profile, target, finess, region_code,"
    " department_code, details, request_id)"
    " VALUES (now(), 'test.late', '', '', '', '', '', '{}', '')"
)


def test_each_batch_follows_the_one_before():
    sealed(3, 2)
    first, second = Seal.objects.all()
    assert (first.number, first.count, second.number, second.count) == (1, 3, 2, 2)
    assert second.first_id == first.last_id + 1
    assert second.last_id == last_entry().pk
    assert second.previous == chained(first)
    assert first.previous == ""
    assert seal_pending() == 0


def test_every_column_of_an_entry_is_sealed():
    sealed_columns = {
        column.split("::")[0].split("(")[-1].split(" ")[0] for column in canonical.COLUMNS
    }
    drawn = {"lexemes"}  # by the database, from the others
    assert sealed_columns | drawn == {field.column for field in Entry._meta.concrete_fields}


def test_a_large_wait_is_sealed_in_batches_of_the_same_size(monkeypatch):
    monkeypatch.setattr(seals, "LARGEST", 3)
    write(7)
    assert seal_pending() == 3
    assert list(Seal.objects.values_list("count", flat=True)) == [3, 3, 1]
    horizons = Seal.objects.values_list("horizon", flat=True)
    assert [one is None for one in horizons] == [True, True, False]
    assert verify() == "ok"


def test_a_number_whose_transaction_runs_still_keeps_the_next_ones_open(elsewhere):
    """The control: were the batch closed, the late entry would come inside a sealed range."""
    elsewhere.execute(INSERT)
    late = elsewhere.execute("SELECT currval(pg_get_serial_sequence('journal_entry', 'id'))")
    number = late.fetchone()[0]
    (after,) = write()
    assert after.pk > number
    assert seal_pending(patience=0.1) == 0
    elsewhere.rollback()
    assert seal_pending() == 1
    assert Seal.objects.get().first_id <= number <= Seal.objects.get().last_id


def test_who_writes_after_the_bound_was_read_delays_nobody(elsewhere, monkeypatch):
    write()
    read = seals.settled_through

    def then_somebody_writes(after, **options):
        bound = read(after, **options)
        elsewhere.execute(INSERT)
        return bound

    monkeypatch.setattr(seals, "settled_through", then_somebody_writes)
    assert seal_pending(patience=0) == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_comes_late_is_sealed_with_its_number(elsewhere):
    elsewhere.execute(INSERT)
    write()
    assert seal_pending(patience=0) == 0
    elsewhere.commit()
    assert seal_pending(patience=0) == 1
    assert Seal.objects.get().count == 2
    assert verify() == "ok"


def test_a_second_worker_seals_nothing_while_the_first_does(elsewhere):
    write()
    elsewhere.execute("SELECT pg_advisory_xact_lock(%s)", [int(Lock.JOURNAL_SEALS)])
    assert seal_pending() == 0
    elsewhere.rollback()
    assert seal_pending() == 1


def test_nothing_is_added_to_a_seal_that_is_not_ours(settings):
    sealed(1)
    write()
    settings.JOURNAL_KEYS = ["another"]
    with pytest.raises(BrokenChainError, match="JOURNAL_KEY_FALLBACKS"):
        seal_pending()
    settings.JOURNAL_KEYS = ["another", "tests-only-too"]
    assert seal_pending() == 1
    assert verify() == "ok"
    tamper("UPDATE journal_seal SET mac = repeat('0', 64) WHERE number = 2", table="journal_seal")
    write()
    with pytest.raises(BrokenChainError, match="lot 2 est faux"):
        seal_pending()


def test_without_its_key_nothing_is_sealed_and_the_logs_say_so(settings, caplog):
    settings.JOURNAL_KEYS = []
    write()
    with pytest.raises(MissingKeyError):
        seal_pending()
    tasks.seal_journal(0)
    assert "JOURNAL_KEY manque" in caplog.text
    assert "JOURNAL_KEY manque" in verify()


def test_each_head_goes_to_the_logs_and_to_the_file(heads_file, caplog):
    with caplog.at_level(logging.INFO, logger=heads.__name__):
        sealed(1, 1)
    last = Seal.objects.last()
    lines = [json.loads(line) for line in heads_file.read_text().splitlines()]
    assert [line["number"] for line in lines] == [1, 2]
    assert lines[1]["digest"] == chained(last) == standing().digest
    assert f'journal.sealed {{"number": 2, "last_id": {last.last_id}' in caplog.text


def test_a_file_that_cannot_be_written_stops_no_seal(settings, tmp_path, caplog):
    settings.JOURNAL_HEADS_FILE = tmp_path
    sealed(1)
    assert "cannot be written" in caplog.text


@pytest.mark.parametrize("change", ["update", "delete"])
def test_even_the_owner_does_not_rewrite_a_seal(change):
    sealed(1)
    rows = Seal.objects.all()
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(count=2) if change == "update" else rows.delete()


def test_what_was_undone_leaves_a_hole_that_stays_closed():
    write()
    with transaction.atomic():
        record("test.undone", by=None)
        transaction.set_rollback(True)
    write()
    assert seal_pending() == 1
    assert Seal.objects.get().count == 2
    assert verify() == "ok"


def test_sealing_costs_as_many_queries_after_a_hundred_batches_as_after_one(
    django_assert_num_queries,
):
    sealed(1)
    for _ in range(2):
        write(5)
        with django_assert_num_queries(9):
            seal_pending()
        sealed(*[1] * 20)
