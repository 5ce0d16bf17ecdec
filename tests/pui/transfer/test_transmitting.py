"""From a deposit to a stored transmission: all of it, once, as the person saw it."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from journal.models import Entry
from medications.models import Presentation
from pui.models import ColumnMapping, LatestStock, StockLine, Transmission
from pui.services.at_once import transmit_at_once
from pui.services.transmitting import (
    ChangedMeanwhileError,
    Choice,
    TransmittingError,
    abandon,
    answer,
    asks_columns,
    confirm,
    deposit,
    remap,
)
from pui.transfer.errors import LinesRefusedError
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Answer, RawLine
from tests.builders import make_establishment, make_person
from tests.locks import wait_until_somebody_waits_for_a_lock
from tests.pui.builders import make_followed, make_product, make_pui, make_transmission
from tests.pui.transfer.conftest import NOW

pytestmark = pytest.mark.django_db
State = Transmission.State


@pytest.fixture
def propofol():
    return make_followed(make_product("PROPOFOL 10 mg/ml, ampoule 20 ml", code="9999014"))


@pytest.fixture
def midazolam():
    return make_followed(make_product(code="9999021"))


@pytest.fixture
def say(gf):
    """Answer lines of a transmission as its page stands."""

    def said(row, by=None, version=None, **answers):
        version = row.report["version"] if version is None else version
        by_number = {int(name.removeprefix("line")): one for name, one in answers.items()}
        return answer(row, by_number, by=by or gf, version=version)

    return said


@pytest.fixture
def send_all(gf):
    """Confirm a transmission as its page stands."""

    def sent(row, by=None, version=None, **options):
        version = row.report["version"] if version is None else version
        return confirm(row, by=by or gf, version=version, now=NOW, **options)

    return sent


def stocks():
    return dict(StockLine.objects.values_list("product__code", "stock"))


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


def test_a_chosen_product_is_stored_in_place_of_the_unknown_code(send, say, send_all, propofol):
    row = say(send("9999104;PROPOFOL;240;60"), line2=Choice(Answer.CHOSEN, propofol.pk))
    send_all(row)
    assert stocks() == {"9999014": 240}


def test_boxes_are_stored_as_units(send, say, send_all, propofol):
    Presentation.objects.create(cip13="3400999990011", product=propofol, units=10)
    row = say(send("3400999990011;;12;2"), line2=Choice(Answer.CHOSEN, propofol.pk))
    send_all(row)
    assert StockLine.objects.values_list("stock", "daily").get() == (120, 20)


def test_a_line_left_out_is_not_stored(send, say, send_all, propofol, midazolam):
    row = send("9999014;;240;60", "9999201;MIDAZOLAM;1;1")
    send_all(say(row, line3=Choice(Answer.SKIP)))
    assert stocks() == {"9999014": 240}


def test_a_product_chosen_far_from_its_last_declaration_is_asked_about_again(
    send, say, gf, pui, due_days, propofol
):
    make_transmission(pui, {propofol: (24, 6)}, by=gf, due_on=due_days[0], now=NOW)
    row = say(send("9999104;PROPOFOL;240;6"), line2=Choice(Answer.CHOSEN, propofol.pk))
    change = preview_of(row).changes[0]
    assert (change.gaps, change.is_reassigned, change.line.waits) == (["stock × 10"], True, True)
    taken_back = say(row, line2=Choice(None))
    assert preview_of(taken_back).unknown[0].line.product_id is None
    exact = say(
        say(taken_back, line2=Choice(Answer.CHOSEN, propofol.pk)), line2=Choice(Answer.EXACT)
    )
    assert preview_of(exact).declared == 1


def test_two_lines_never_take_the_same_product(send, say, propofol):
    row = send("9999104;PROPOFOL;240;60", "9999041;PROPOFOL;1;1")
    chosen = Choice(Answer.CHOSEN, propofol.pk)
    with pytest.raises(TransmittingError, match="déjà celui de la ligne 2"):
        say(row, line2=chosen, line3=chosen)
    row.refresh_from_db()
    assert preview_of(row).waiting == 2


@pytest.mark.parametrize(
    "choice", [Choice(Answer.EXACT), Choice(Answer.CHOSEN, 999_999), Choice(Answer.CHOSEN)]
)
def test_an_answer_that_a_line_does_not_wait_for_is_refused(send, say, propofol, choice):
    with pytest.raises(TransmittingError):
        say(send("9999104;PROPOFOL;240;60"), line2=choice)


def test_a_page_shown_before_the_answers_of_somebody_else_is_shown_again(
    send, say, send_all, pui, propofol
):
    other = make_person("GF", on=pui.establishment)
    row = send("9999104;PROPOFOL;240;60")
    seen = row.report["version"]
    say(row, by=other, line2=Choice(Answer.CHOSEN, propofol.pk))
    with pytest.raises(ChangedMeanwhileError, match=str(other)):
        say(row, version=seen, line2=Choice(Answer.SKIP))
    with pytest.raises(ChangedMeanwhileError, match="Rien n’a été enregistré"):
        send_all(row, version=seen)
    assert stocks() == {}


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


def test_what_is_sent_at_once_is_stored_or_told_line_by_line(
    gf, pui, autres, due_on, propofol, midazolam
):
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    wrong = [RawLine(1, ("9999014",), "", "12", "-1"), RawLine(2, ("9999021",), "", 1, 1)]
    with pytest.raises(LinesRefusedError) as refusal:
        transmit_at_once(wrong, origin="api", **fields)
    assert refusal.value.lines[0].remarks[0].column == "CMJ"
    assert not Transmission.objects.exists()
    done = transmit_at_once(wrong, origin="api", without_refused=True, **fields)
    assert done.transmission.state == State.CONFIRMED
    assert stocks() == {"9999021": 1}


def test_large_changes_sent_at_once_must_be_said_exact(gf, pui, autres, due_days, due_on, propofol):
    make_transmission(pui, {propofol: (24, 6)}, by=gf, due_on=due_days[0], now=NOW)
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    lines = [RawLine(1, ("9999014",), "", 240, 6)]
    with pytest.raises(LinesRefusedError):
        transmit_at_once(lines, origin="grid", **fields)
    transmit_at_once(lines, origin="grid", changes_are_exact=True, **fields)
    assert LatestStock.objects.get().stock == 240


def test_the_same_key_is_the_same_transmission_and_no_other(gf, pui, autres, due_on, propofol):
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    lines = [RawLine(1, ("9999014",), "", 240, 6)]
    first = transmit_at_once(lines, origin="api", key="k1", **fields)
    again = transmit_at_once(lines, origin="api", key="k1", **fields)
    assert (again.transmission, bool(again.already)) == (first.transmission, True)
    other = [RawLine(1, ("9999014",), "", 241, 6)]
    with pytest.raises(TransmittingError, match="clé d’idempotence"):
        transmit_at_once(other, origin="api", key="k1", **fields)
    twin = transmit_at_once(lines, origin="api", key="k2", **fields)
    assert twin.transmission == first.transmission
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1


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
