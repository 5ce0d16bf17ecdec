"""Each order in exactly one file, numbered without a gap, all or nothing."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.models import Entry
from orders.models import FiledOrder, Order, OrderFile, OrderStep
from orders.services import outbox
from orders.services.errors import OrderingError
from orders.services.order_file_acts import acknowledge_file, replay_file
from orders.services.order_folder import drop_files, folder_of
from orders.services.outbox import files_are_due, write_due_files, write_file
from tests.builders import make_person
from tests.orders.logistics.world import (
    ask_stop,
    la_poste,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    spf,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOGISTICS_DIR = tmp_path


def content(file):
    return json.loads(file.json_text)


def test_a_file_has_the_orders_that_may_not_change_any_more_and_marks_them():
    due, later = make_sent_order(), make_sent_order(editable_until=timezone.now() + timedelta(1))
    cancelled = make_sent_order(state=Order.State.CANCELLED)
    file = write_file(la_poste())
    assert [one["commande"] for one in content(file)["commandes"]] == [due.number]
    for order in (due, later, cancelled):
        order.refresh_from_db()
    assert (bool(due.exported_at), later.exported_at, cancelled.exported_at) == (True, None, None)
    assert due.delivery_reference == due.number.replace("C-", "L-")
    assert due.state == Order.State.SUBMITTED
    assert "fichier n° 1" in OrderStep.objects.get(order=due).text


def test_an_order_is_never_in_two_files():
    order = make_filed_order()
    assert write_file(la_poste()) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        FiledOrder.objects.create(file=OrderFile.objects.get(), order=order)


def test_the_numbers_of_each_warehouse_follow_each_other():
    for _ in range(3):
        make_filed_order()
    make_filed_order(operator=spf())
    numbers = OrderFile.objects.order_by("pk").values_list("operator__kind", "sequence")
    assert list(numbers) == [("la_poste", 1), ("la_poste", 2), ("la_poste", 3), ("spf", 1)]


def test_nothing_is_left_of_a_file_that_fails_at_its_end(monkeypatch):
    order = make_sent_order()
    monkeypatch.setattr(outbox, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_file(la_poste())
    order.refresh_from_db()
    assert (order.exported_at, OrderFile.objects.count()) == (None, 0)
    monkeypatch.undo()
    assert write_file(la_poste()).sequence == 1


def test_the_two_forms_say_the_same_and_their_digests_are_those_of_their_bytes():
    order = make_sent_order(quantity=250, contact_name="=1+1", comment="Quai\nnord")
    file = write_file(la_poste())
    told = content(file)["commandes"][0]
    assert (told["contact"], told["lignes"][0]["quantite"], told["lignes"][0]["colis"]) == (
        "=1+1",
        250,
        5,
    )
    assert told["entrepot"] == "entrepot-la-poste"
    rows = list(csv.DictReader(io.StringIO(file.csv_text.lstrip("\ufeff")), delimiter=";"))
    assert (rows[0]["commande"], rows[0]["quantite"]) == (order.number, "250")
    assert rows[0]["contact"] != "=1+1"  # no formula in a spreadsheet
    assert hashlib.sha256(file.json_text.encode()).hexdigest() == file.json_digest
    assert hashlib.sha256(file.csv_text.encode()).hexdigest() == file.csv_digest


def test_a_request_to_stop_is_in_the_next_file_once():
    order = make_filed_order()
    ask_stop(order)
    file = write_file(la_poste())
    assert (file.orders_count, file.stops_count) == (0, 1)
    assert content(file)["arrets"][0]["commande"] == order.number
    assert write_file(la_poste()) is None


def test_a_replay_has_a_new_number_and_the_same_orders_marked():
    order = make_filed_order()
    person = make_person("TEC")
    with pytest.raises(OrderingError, match="pourquoi"):
        replay_file(OrderFile.objects.get(), by=person, reason=" ")
    again = replay_file(OrderFile.objects.get(), by=person, reason="Serveur restauré")
    assert (again.sequence, content(again)["rejeu_de"]) == (2, 1)
    assert [(one["commande"], one["rejeu"]) for one in content(again)["commandes"]] == [
        (order.number, True)
    ]
    with pytest.raises(OrderingError, match="n° 2 redonne déjà"):
        replay_file(again, by=person, reason="Deuxième clic")
    acknowledge_file(again, by=None)
    third = replay_file(again, by=person, reason="Encore")
    assert (third.sequence, third.replay_of.sequence) == (3, 1)
    assert Entry.objects.filter(verb="orders.file_replayed", by=person).count() == 2


def test_a_replay_leaves_out_what_was_stopped_or_left_since():
    product = make_catalogue()
    gone, kept = make_sent_order(product), make_sent_order(product)
    file = write_file(la_poste())
    Order.objects.filter(pk=gone.pk).update(state=Order.State.CANCELLED)
    person = make_person("TEC")
    again = replay_file(file, by=person, reason="Serveur restauré")
    assert [one["commande"] for one in content(again)["commandes"]] == [kept.number]
    assert (again.orders_count, again.lines_count, again.filed.count()) == (1, 1, 1)
    acknowledge_file(again, by=None)
    Order.objects.filter(pk=kept.pk).update(state=Order.State.SHIPPED)
    with pytest.raises(OrderingError, match="à redonner"):
        replay_file(file, by=person, reason="Encore")


def test_a_replay_gives_the_requests_to_stop_again():
    order = make_filed_order()
    ask_stop(order)
    file = write_file(la_poste())
    again = replay_file(file, by=make_person("TEC"), reason="Serveur restauré")
    assert [(one["commande"], one["rejeu"]) for one in content(again)["arrets"]] == [
        (order.number, True)
    ]
    assert (again.orders_count, again.stops_count) == (0, 1)


def test_the_orders_of_a_day_leave_in_several_files(monkeypatch):
    monkeypatch.setattr(outbox, "MOST_ORDERS", 2)
    product = make_catalogue()
    numbers = [make_sent_order(product).number for _ in range(5)]
    assert write_due_files() == 3
    files = OrderFile.objects.order_by("sequence")
    assert [one.sequence for one in files] == [1, 2, 3]
    assert [one["commande"] for file in files for one in content(file)["commandes"]] == numbers


def test_a_list_of_files_reads_none_of_what_they_say():
    make_filed_order()
    replay_file(OrderFile.objects.get(), by=make_person("TEC"), reason="Serveur restauré")
    with CaptureQueriesContext(connection) as found:
        assert OrderFile.objects.without_content().first().replay_of
    assert not any("_text" in one["sql"] for one in found)


def test_a_file_is_dropped_whole_with_its_digest_and_once(tmp_path):
    make_sent_order()
    assert write_due_files() == 1
    file = OrderFile.objects.get()
    names = sorted(path.name for path in folder_of(la_poste()).iterdir())
    assert names == [
        "commandes-000001.csv",
        "commandes-000001.csv.sha256",
        "commandes-000001.json",
        "commandes-000001.json.sha256",
    ]
    written = (folder_of(la_poste()) / "commandes-000001.json").read_bytes()
    assert hashlib.sha256(written).hexdigest() == file.json_digest
    assert drop_files() == 0


def test_what_a_worker_did_not_drop_is_dropped_at_the_next_round():
    make_filed_order()
    assert not folder_of(la_poste()).exists()
    assert drop_files() == 1
    assert len(list(folder_of(la_poste()).iterdir())) == 4


def test_a_file_is_written_every_so_many_minutes(settings):
    settings.ORDER_FILE_MINUTES = 10
    assert files_are_due(timezone.now())
    make_filed_order()
    now = OrderFile.objects.get().written_at
    assert not files_are_due(now + timedelta(minutes=9))
    assert files_are_due(now + timedelta(minutes=11))


def test_the_first_acknowledgement_is_kept():
    make_filed_order()
    first = acknowledge_file(OrderFile.objects.get(), by=None, via="machine")
    again = acknowledge_file(OrderFile.objects.get(), by=make_person("LPO"))
    assert again.acknowledged_at == first.acknowledged_at
    assert again.acknowledged_via == "machine"


def test_many_orders_take_a_constant_number_of_statements():
    product = make_catalogue(100_000)

    def of(count):
        for _ in range(count):
            make_sent_order(product)
        with CaptureQueriesContext(connection) as found:
            write_file(la_poste())
        return len(found)

    assert of(2) == of(9)
