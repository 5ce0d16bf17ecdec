"""After its delay the journal is purged by whole batches; its seals stay, and nothing else goes."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.database import grant_web_role
from journal.models import Entry, Purge, Seal
from journal.sealing import purging
from journal.sealing.purging import PurgeError, purge_old
from journal.sealing.seals import seal_pending
from journal.sealing.standing import standing
from tests.journal.tampering import forge, sealed, tamper, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]
CALL = "SELECT purge_journal(%s, %s, %s, %s, %s, 'k', 'm')"


@pytest.fixture
def old(settings, time_machine):
    """Two batches past the delay, then one of today."""
    now = timezone.now()
    time_machine.move_to(now - timedelta(days=31 * (settings.JOURNAL_KEPT_MONTHS + 1)))
    sealed(3, 2)
    time_machine.move_to(now)
    return sealed(4)[0]


def test_what_is_past_its_delay_leaves_and_its_seals_stay(old):
    assert purge_old() == 5
    assert set(Entry.objects.exclude(verb="journal.purged")) == set(old)
    assert Seal.objects.count() == 3
    assert standing().purged == 2
    assert purge_old() == 0


def test_the_purge_is_itself_in_the_journal(old):
    purge_old()
    told = Entry.objects.get(verb="journal.purged")
    assert told.target == "lots 1 à 2"
    assert told.details["count"] == 5


def test_the_journal_is_still_whole_after_a_purge(old, monkeypatch, heads_file):
    monkeypatch.setattr(purging, "LARGEST", 3)
    assert purge_old() == 5
    assert Purge.objects.count() == 2
    seal_pending()
    assert verify(heads=heads_file) == "ok"


def test_the_oldest_batch_stays_while_it_holds_something_younger(settings, time_machine):
    now = timezone.now()
    time_machine.move_to(now - timedelta(days=30 * (settings.JOURNAL_KEPT_MONTHS - 1)))
    sealed(2)
    time_machine.move_to(now)
    assert purge_old() == 0


def test_an_entry_put_back_where_all_was_purged_is_found(old):
    number = Entry.objects.earliest("pk").pk
    purge_old()
    forge(number, age="5 years")
    assert "avant le premier lot conservé" in verify()


def test_a_removal_dressed_as_a_purge_is_found(old):
    tamper("DELETE FROM journal_entry WHERE id <= %s", Seal.objects.get(number=2).last_id)
    Purge.objects.create(first=1, last=2, count=5, months=36, at=timezone.now(), key="k", mac="m")
    assert "la purge des lots 1 à 2 porte la clé k, inconnue" in verify()


def test_a_purge_taken_out_is_a_removal(old):
    purge_old()
    tamper("DELETE FROM journal_purge", table="journal_purge")
    assert "a perdu 3 entrées" in verify()


@pytest.mark.parametrize(
    "change", ["DELETE FROM journal_entry", "UPDATE journal_entry SET target = 'y'"]
)
def test_nothing_is_purged_when_it_is_not_what_was_sealed(old, change):
    tamper(f"{change} WHERE id = %s", Entry.objects.earliest("pk").pk)
    left = Entry.objects.count()
    with pytest.raises(PurgeError, match="verify_journal"):
        purge_old()
    assert Entry.objects.count() == left
    assert not Purge.objects.exists()


def test_nor_when_an_entry_left_since_its_batch_was_read(old, monkeypatch):
    number = Entry.objects.earliest("pk").pk
    take = "DELETE FROM journal_entry WHERE id = %s"
    monkeypatch.setattr(purging, "_is_whole", lambda seal: tamper(take, number) is None)
    with pytest.raises(PurgeError, match="verify_journal"):
        purge_old()


def call(first=1, last=2, months=36, at=None):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CALL, [first, last, 5, months, at or timezone.now()])


@pytest.mark.parametrize(
    "asked",
    [
        {"months": 1},
        {"months": 600},
        {"last": 3},
        {"first": 2},
        {"first": 9, "last": 12},
        {"at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_function_of_the_owner_removes_nothing_else(old, asked):
    with pytest.raises(DatabaseError, match="journal_purge:"):
        call(**asked)
    call()


def test_a_false_seal_does_not_open_what_is_young(old):
    """The site may add seals; it does not change the dates of the entries that are there."""
    last = Seal.objects.last()
    Seal.objects.create(
        number=4,
        first_id=last.first_id,
        last_id=last.last_id + 1,
        count=4,
        at=timezone.now() - timedelta(days=5_000),
    )
    with pytest.raises(DatabaseError, match="not past their delay"):
        call(last=4)


def test_the_delay_is_the_one_that_the_owner_wrote(old, settings):
    settings.JOURNAL_KEPT_MONTHS = 60
    grant_web_role()
    settings.JOURNAL_KEPT_MONTHS = 36  # the worker of a site that was not prepared again
    with pytest.raises(DatabaseError, match="journal_purge:"):
        purge_old()


def test_the_site_may_call_the_function_and_is_refused_by_it(web_connection):
    with pytest.raises(psycopg.errors.RaiseException, match="journal_purge: refused"):
        web_connection.execute(CALL, [1, 2, 5, 1, timezone.now()])


def test_the_site_cannot_write_that_something_was_purged(web_connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="journal_purge"):
        web_connection.execute(
            "INSERT INTO journal_purge (first, last, count, months, at, key, mac)"
            " VALUES (1, 2, 3, 36, now(), '', '')"
        )
