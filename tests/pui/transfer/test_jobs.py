"""A large declaration is read, then stored, by the task worker: whole, once, or not at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from pui.models import StockLine, Transmission
from pui.services import transmitting
from pui.services.at_once import transmit_at_once
from pui.services.transmitting import (
    Choice,
    TransmittingError,
    abandon,
    answer,
    confirm,
    remap,
    restart,
)
from pui.tasks.transmissions import read_transmission, store_transmission
from pui.transfer import filling
from pui.transfer.jobs import forget_old
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Answer, RawLine
from tests.pui.builders import make_followed, make_list, make_product

pytestmark = pytest.mark.django_db
State = Transmission.State


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch):
    monkeypatch.setattr(transmitting, "READ_AT_ONCE", 0)
    monkeypatch.setattr(transmitting, "STORED_AT_ONCE", 0)


@pytest.fixture
def due_on():
    """The worker acts today."""
    return calendar_of(make_list()).expected(timezone.now()).due_on


@pytest.fixture
def propofol():
    return make_followed(make_product("PROPOFOL 10 mg/ml", code="9999014"))


@pytest.fixture
def large(send, propofol):
    def sent(*lines, **options):
        return send(*lines, now=timezone.now(), **options)

    return sent


def after(task, row):
    task(row.pk)
    row.refresh_from_db()
    return row


def test_a_light_file_of_many_lines_waits_for_the_worker_too(large, monkeypatch):
    monkeypatch.setattr(transmitting, "READ_AT_ONCE", 50_000)
    assert large("9999014;;240;60").state == State.READY
    monkeypatch.setattr(transmitting, "LINES_AT_ONCE", 1)
    assert large("9999014;;241;60").state == State.READING


def test_a_large_file_waits_for_the_worker_then_for_the_person(large, gf):
    row = large("9999014;;240;60")
    assert (row.state, row.content) == (State.READING, [])
    with pytest.raises(TransmittingError, match="en cours de lecture"):
        confirm(row, by=gf, version=1)
    row = after(read_transmission, row)
    assert (row.state, row.progress) == (State.READY, 1)
    row = confirm(row, by=gf, version=row.report["version"])
    assert row.state == State.STORING
    assert not StockLine.objects.exists()
    row = after(store_transmission, row)
    assert (row.state, row.report["confirmed_by"]) == (State.CONFIRMED, str(gf))
    assert StockLine.objects.get().stock == 240


def test_its_progress_is_told_while_it_is_read(large, monkeypatch):
    monkeypatch.setattr("pui.transfer.checking.SAID_EVERY", 2)
    told = []
    monkeypatch.setattr("pui.transfer.jobs.tell", lambda row, count: told.append(count))
    after(read_transmission, large(*(f"91{number:05d};;1;1" for number in range(5))))
    assert told == [0, 5, 2, 4]


def test_a_large_file_that_cannot_be_read_is_refused_with_the_reason(large, propofol):
    row = after(read_transmission, large("MIDAZOLAM;5 mg;1;1", header="DCI;Dosage;Stock;CMJ"))
    assert row.state == State.REFUSED
    assert "code UCD par ligne" in row.message


def test_a_file_abandoned_meanwhile_is_left_alone(large, gf):
    row = large("9999014;;240;60")
    abandon(row, by=gf)
    assert after(read_transmission, row).state == State.ABANDONED


def test_rights_lost_meanwhile_stop_it_and_nothing_is_stored(large, gf):
    row = after(read_transmission, large("9999014;;240;60"))
    confirm(row, by=gf, version=row.report["version"])
    gf.profiles.get().habilitations.all().delete()
    row = after(store_transmission, row)
    assert row.state == State.READY
    assert "ne vous permet plus" in row.message
    assert not StockLine.objects.exists()


def test_a_worker_killed_in_the_middle_stored_nothing_and_its_job_stores_once(
    large, gf, monkeypatch
):
    row = after(read_transmission, large("9999014;;240;60"))
    confirm(row, by=gf, version=row.report["version"])

    def killed(*arguments):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("pui.services.storing.refresh_latest", killed)
        with pytest.raises(SystemExit):
            store_transmission(row.pk)
    row.refresh_from_db()
    assert row.state == State.STORING
    assert not StockLine.objects.exists()
    assert after(store_transmission, row).state == State.CONFIRMED
    assert after(store_transmission, row).state == State.CONFIRMED
    assert StockLine.objects.count() == 1


def test_a_declaration_confirmed_while_it_waits_is_never_hidden_unseen(
    large, gf, pui, autres, due_on
):
    row = after(read_transmission, large("9999014;;240;60"))
    confirm(row, by=gf, version=row.report["version"])
    lines = [RawLine(1, ("9999014",), "", 12, 60)]
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on}
    transmit_at_once(lines, by=gf, origin="grid", **place)
    row = after(store_transmission, row)
    assert row.state == State.READY
    assert "Une autre transmission" in row.message
    assert StockLine.objects.get().stock == 12
    preview = preview_of(row)
    assert preview.changes[0].gaps == ["stock × 20"]
    number = preview.changes[0].line.number
    row = answer(row, {number: Choice(Answer.EXACT)}, by=gf, version=preview.version)
    confirm(row, by=gf, version=row.report["version"])
    assert after(store_transmission, row).state == State.CONFIRMED
    assert StockLine.objects.get().stock == 240


def test_what_stopped_can_be_started_again_by_the_person_only_then(large, gf, monkeypatch):
    row = large("9999014;;240;60")
    with pytest.raises(TransmittingError, match="en cours"):
        restart(row, by=gf)
    with monkeypatch.context() as patch:
        patch.setattr(filling, "read", lambda *arguments, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read_transmission(row.pk)
    row.refresh_from_db()
    assert row.is_stopped
    assert "relancez-le" in row.message
    restart(row, by=gf)
    assert after(read_transmission, row).state == State.READY


def test_columns_named_by_the_person_are_read_again_by_the_worker(large, gf):
    row = large("9999014;240;60", header="Ref maison;Reste;Par jour")
    row = after(read_transmission, row)
    told = {"ucd": "Ref maison", "stock": "Reste", "daily": "Par jour"}
    assert remap(row, told, by=gf).state == State.READING
    assert preview_of(after(read_transmission, row)).declared == 1


def test_what_nobody_confirms_is_forgotten_after_a_week(large, gf, pui, autres, due_on, propofol):
    old, recent = large("9999014;;240;60"), large("9999014;;241;60")
    lines = [RawLine(1, ("9999014",), "", 1, 1)]
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on}
    sent = transmit_at_once(lines, by=gf, origin="grid", **place).transmission
    long_ago = timezone.now() - timedelta(days=8)
    Transmission.objects.exclude(pk=recent.pk).update(received_at=long_ago)
    forget_old()
    states = dict(Transmission.objects.values_list("pk", "state"))
    assert states == {
        old.pk: State.ABANDONED,
        recent.pk: State.READING,
        sent.pk: State.CONFIRMED,
    }
