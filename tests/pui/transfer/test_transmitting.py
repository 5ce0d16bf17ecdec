"""From a deposit to a stored transmission: all of it, once, as the person saw it."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from journal.models import Entry
from pui.models import ColumnMapping, LatestStock, Transmission
from pui.services.transmitting import (
    ChangedMeanwhileError,
    Choice,
    TransmittingError,
    abandon,
    asks_columns,
    confirm,
    deposit,
    remap,
)
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Answer
from tests.builders import make_establishment, make_person
from tests.locks import wait_until_somebody_waits_for_a_lock
from tests.pui.builders import make_pui, make_transmission
from tests.pui.transfer.conftest import NOW, stocks

pytestmark = pytest.mark.django_db
State = Transmission.State


def test_nothing_is_stored_before_the_confirmation_then_all_of_it(
    send, send_all, propofol, midazolam
):
    row = send("9999014;;240;60", "9999021;;0;0,5")
    assert (row.state, stocks()) == (State.READY, {})
    done = send_all(row)
    assert done.state == State.CONFIRMED
    assert stocks() == {"9999014": 240, "9999021": 0}
    assert LatestStock.objects.get(product=midazolam).daily == Decimal("0.5")
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1


def test_a_second_confirmation_changes_nothing_and_says_who_and_when(send, send_all, gf, propofol):
    row = send("9999014;;240;60")
    send_all(row)
    with pytest.raises(ChangedMeanwhileError, match=f"{gf} le 17/11/2020 à 9.h.52"):
        send_all(row)
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1


def test_nothing_is_confirmed_while_an_answer_is_missing(send, send_all, propofol):
    row = send("9999104;PROPOFOL;240;60")
    with pytest.raises(TransmittingError, match=r"1\sréponse manque"):
        send_all(row)
    assert stocks() == {}


def test_refused_lines_are_left_out_only_when_the_person_says_so(
    send, send_all, propofol, midazolam
):
    row = send("9999014;;240;60", "9999021;;1,234;1")
    with pytest.raises(TransmittingError, match=r"1\sligne est refusée"):
        send_all(row)
    assert stocks() == {}
    send_all(row, without_refused=True)
    assert stocks() == {"9999014": 240}


def test_a_declaration_confirmed_meanwhile_is_shown_before_it_is_replaced(
    send, send_all, pui, gf, due_on, propofol
):
    row = send("9999014;;2400;60")
    make_transmission(pui, {propofol: (24, 60)}, by=gf, due_on=due_on, now=NOW)
    with pytest.raises(ChangedMeanwhileError, match="confirmée par"):
        send_all(row)
    assert stocks() == {"9999014": 24}
    row.refresh_from_db()
    assert preview_of(row).changes[0].gaps == ["stock × 100"]


def test_the_same_file_twice_is_one_transmission_and_says_when(
    send, send_all, gf, pui, autres, due_on, propofol
):
    row = send("9999014;;240;60")
    assert send("9999014;;240;60") == row
    send_all(row)
    text = b"UCD;Libell\xc3\xa9;Stock;CMJ\n9999014;;240;60\n"
    again = deposit(
        SimpleUploadedFile("autre nom.csv", text),
        by=gf,
        pui=pui,
        monitored_list=autres,
        due_on=due_on,
        now=NOW,
    )
    assert again.transmission == row
    assert "déjà été reçu le" in again.already
    assert "rien n’est à refaire" in again.already
    assert Transmission.objects.count() == 1


def test_a_twin_confirmed_meanwhile_is_not_stored_twice(send, send_all, gf, propofol):
    row = send("9999014;;240;60")
    twin = Transmission.objects.get(pk=row.pk)
    twin.pk, twin.number = None, "11111111-1111-4111-8111-111111111111"
    twin.path = ""
    twin.save()
    send_all(row)
    with pytest.raises(TransmittingError, match="déjà été reçu le"):
        send_all(twin)


def test_a_corrected_file_replaces_the_first_one_and_the_first_may_come_back(
    send, send_all, propofol
):
    first = send_all(send("9999014;;240;60"))
    second = send_all(send("9999014;;200;60"))
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (State.REPLACED, second)
    send_all(send("9999014;;240;60"))
    assert stocks() == {"9999014": 240}


def test_an_abandoned_file_leaves_nothing_but_its_row(send, gf, send_all, propofol, tmp_path):
    row = send("9999014;;240;60")
    abandon(row, by=gf)
    row.refresh_from_db()
    assert (row.state, row.content) == (State.ABANDONED, [])
    with pytest.raises(TransmittingError, match="n’attend plus"):
        send_all(row)
    with pytest.raises(TransmittingError):
        abandon(row, by=gf)


def test_quantities_all_blank_are_no_declaration(send, send_all, propofol):
    with pytest.raises(TransmittingError, match="Aucune quantité"):
        send_all(send("9999014;;;"))


def test_another_person_neither_deposits_nor_answers_nor_confirms(send, say, send_all, propofol):
    stranger = make_person("GF", on=make_establishment())
    with pytest.raises(TransmittingError, match="Votre profil"):
        send("9999014;;240;60", by=stranger)
    row = send("9999104;PROPOFOL;240;60")
    with pytest.raises(TransmittingError, match="Votre profil"):
        say(row, by=stranger, line2=Choice(Answer.SKIP))
    with pytest.raises(TransmittingError, match="Votre profil"):
        send_all(row, by=stranger)
    with pytest.raises(TransmittingError, match="Votre profil"):
        abandon(row, by=stranger)


def test_a_file_that_is_no_table_is_refused_with_what_is_accepted(gf, pui, autres, due_on):
    with pytest.raises(TransmittingError, match=r"\.xlsx"):
        deposit(
            SimpleUploadedFile("stock.xlsx", b"%PDF-1.7"),
            by=gf,
            pui=pui,
            monitored_list=autres,
            due_on=due_on,
            now=NOW,
        )
    assert not Transmission.objects.exists()


def test_a_day_on_which_nothing_is_due_is_refused(send, due_on, propofol):
    with pytest.raises(TransmittingError, match="Aucune déclaration n’est attendue"):
        send("9999014;;1;1", due_on=due_on + timedelta(days=1))


def test_columns_nobody_recognised_are_asked_once_then_remembered(send, gf, pui, propofol):
    header = "Ref maison;Nom maison;Reste;Par jour"
    row = send("9999014;PROPOFOL;240;60", header=header)
    assert asks_columns(row) == ["Ref maison", "Nom maison", "Reste", "Par jour"]
    told = {"ucd": "Ref maison", "label": "Nom maison", "stock": "Reste", "daily": "Par jour"}
    row = remap(row, told, by=gf)
    assert asks_columns(row) == []
    assert preview_of(row).fine[0].line.quantities == (240, 60)
    assert ColumnMapping.objects.get().columns == told
    again = send("9999014;PROPOFOL;241;60", header=header)
    assert preview_of(again).fine[0].line.quantities == (241, 60)
    elsewhere = make_pui("Autre", on=pui.establishment)
    assert asks_columns(send("9999014;PROPOFOL;241;60", header=header, pui=elsewhere))


def test_a_file_without_consumption_is_asked_about_once(send, gf, propofol):
    row = send("9999014;PROPOFOL;240;Salle 2", header="UCD;Produit;Stock;Rayon")
    assert asks_columns(row)
    row = remap(row, {"daily": ""}, by=gf)
    assert preview_of(row).fine[0].line.quantities == (240, None)


@pytest.mark.parametrize(
    "told",
    [
        {"ucd": "Ailleurs", "stock": "Reste"},
        {"ucd": "Reste", "stock": "Reste"},
        {"ucd": "", "stock": "Reste"},
    ],
)
def test_columns_that_cannot_be_are_refused(send, gf, propofol, told):
    row = send("9999014;PROPOFOL;240;60", header="Ref maison;Nom maison;Reste;Par jour")
    with pytest.raises(TransmittingError):
        remap(row, told, by=gf)


def test_a_failure_in_the_middle_leaves_nothing(send, send_all, propofol, monkeypatch):
    row = send("9999014;;240;60")

    def dies(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("pui.services.storing.refresh_latest", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        send_all(row)
    row.refresh_from_db()
    assert (row.state, stocks()) == (State.READY, {})
    assert not LatestStock.objects.exists()
    assert not Entry.objects.filter(verb="pui.transmitted").exists()
    with row.path.open("rb") as file:
        assert file.read()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_together_store_it_once(send, send_all, pui, propofol):
    other = make_person("GF", on=pui.establishment)
    row = send("9999014;;240;60")
    refusals = []

    def confirm_too():
        try:
            send_all(row, by=other)
        except TransmittingError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    second = threading.Thread(target=confirm_too)
    with transaction.atomic():
        send_all(row)
        second.start()
        wait_until_somebody_waits_for_a_lock()
    second.join()
    assert "déjà été confirmée" in refusals[0]
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1


def test_a_due_day_closed_since_the_deposit_is_refused_as_everything_is(send, gf, due_on, propofol):
    row = send("9999014;;240;60")
    with pytest.raises(TransmittingError, match="votre ARS peut la rouvrir"):
        confirm(row, by=gf, version=1, now=NOW + timedelta(days=30))
    assert stocks() == {}
