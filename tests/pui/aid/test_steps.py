"""A transfer from the proposal to the reception: who does each step, what stops, what reopens."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from establishments.models import AdministrativeBody, Region
from establishments.redistribution.states import NeedState, Side, TransferState
from journal.models import Entry
from pui.models import MedicineTransfer, Pui
from tests.builders import make_body, make_department, make_establishment
from tests.locks import wait_until_somebody_waits_for_a_lock
from tests.pui.aid.acts import (
    AidError,
    accept,
    cancel,
    confirm,
    confirm_need,
    receive,
    refuse,
    ship,
    visible_transfers,
)
from tests.pui.aid.conftest import EXPIRY
from tests.pui.builders import make_pui
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db


def test_from_proposed_to_received_each_side_does_its_part(aid):
    transfer = aid.received()
    assert transfer.state == TransferState.RECEIVED
    assert (transfer.received_quantity, transfer.nearest_expiry) == (100, EXPIRY)
    transfer.need.refresh_from_db()
    assert (transfer.need.state, transfer.need.remaining) == (NeedState.COVERED, 0)
    verbs = Entry.objects.filter(verb__startswith="pui.aid_").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == [
        "pui.aid_need_opened",
        "pui.aid_proposed",
        "pui.aid_confirmed",
        "pui.aid_accepted",
        "pui.aid_accepted",
        "pui.aid_shipped",
        "pui.aid_received",
    ]


def test_a_pharmacy_sees_a_transfer_once_it_is_confirmed(aid):
    transfer = aid.proposed()
    giver, taker = aid.gf(aid.world.bourges), aid.gf(aid.world.orleans)
    assert not visible_transfers(giver).exists()
    assert not visible_transfers(taker).exists()
    confirm(by=aid.ars, transfer=transfer)
    assert visible_transfers(giver).get() == visible_transfers(taker).get() == transfer
    assert not visible_transfers(aid.gf(aid.world.lyon)).exists()


def test_nobody_takes_the_step_of_another_side(aid):
    transfer = aid.confirmed()
    giver, taker = aid.gf(aid.world.bourges), aid.gf(aid.world.orleans)
    for by, side in ((giver, Side.TAKER), (taker, Side.GIVER), (aid.ars, Side.GIVER)):
        with pytest.raises(AidError, match="ne peut pas accepter"):
            accept(by=by, transfer=transfer, side=side)
    with pytest.raises(AidError, match="ne peut pas annuler"):
        cancel(by=giver, transfer=transfer, reason="Je change d’avis")
    with pytest.raises(AidError, match="ne peut pas confirmer"):
        confirm(by=taker, transfer=transfer)


def test_nothing_leaves_before_both_have_accepted(aid):
    transfer = aid.confirmed()
    giver = aid.gf(aid.world.bourges)
    accept(by=giver, transfer=transfer, side=Side.GIVER)
    with pytest.raises(AidError, match="pas possible de l’expédier"):
        ship(by=giver, transfer=transfer, expiry=EXPIRY)
    with pytest.raises(AidError, match="déjà accepté"):
        accept(by=giver, transfer=transfer, side=Side.GIVER)


def test_the_donor_is_judged_again_when_confirmed(aid):
    world = aid.world
    transfer = aid.proposed()
    world.declare(world.bourges, {world.cis: (250, 10)}, at=NOW + timedelta(minutes=5))
    with pytest.raises(AidError, match="peut donner 40\u00a0ampoules au plus"):
        confirm(by=aid.ars, transfer=transfer)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.PROPOSED


def test_out_of_date_units_do_not_leave(aid):
    transfer = aid.accepted()
    with pytest.raises(AidError, match="périmées"):
        ship(by=aid.gf(aid.world.bourges), transfer=transfer, expiry=date(2020, 11, 1))


def test_a_difference_at_reception_needs_a_comment_and_reopens_what_lacks(aid):
    transfer = aid.shipped()
    taker = aid.gf(aid.world.orleans)
    with pytest.raises(AidError, match="expliquez l’écart"):
        receive(by=taker, transfer=transfer, quantity=90)
    with pytest.raises(AidError, match="négative"):
        receive(by=taker, transfer=transfer, quantity=-1, comment="Trop envoyé")
    receive(by=taker, transfer=transfer, quantity=90, comment="Dix ampoules cassées")
    transfer.need.refresh_from_db()
    assert (transfer.need.state, transfer.need.remaining) == (NeedState.OPEN, 10)


@pytest.mark.parametrize("side", [Side.GIVER, Side.TAKER])
def test_a_refusal_says_why_and_reopens_the_need(aid, side):
    transfer = aid.confirmed()
    by = aid.gf(aid.world.bourges if side is Side.GIVER else aid.world.orleans)
    with pytest.raises(AidError, match="Dites pourquoi"):
        refuse(by=by, transfer=transfer, side=side, reason="")
    refused = refuse(by=by, transfer=transfer, side=side, reason="Stock réservé au bloc")
    assert (refused.state, refused.need.remaining) == (TransferState.REFUSED, 100)
    assert aid.propose(refused.need).unmet == {}


@pytest.mark.parametrize("step", ["proposed", "confirmed", "accepted", "shipped"])
def test_the_agency_cancels_at_each_step_and_the_units_come_back(aid, step):
    transfer = getattr(aid, step)()
    cancelled = cancel(by=aid.ars, transfer=transfer, reason="Livraison du fournisseur")
    assert (cancelled.state, cancelled.need.remaining) == (TransferState.CANCELLED, 100)
    assert aid.propose(cancelled.need).unmet == {}


def test_what_is_received_is_not_cancelled(aid):
    with pytest.raises(AidError, match="maintenant reçu"):
        cancel(by=aid.ars, transfer=aid.received(), reason="Trop tard")


def test_confirming_a_need_confirms_all_or_nothing(aid):
    world = aid.world
    other = make_pui("Autre", on=make_establishment())
    world.declare(other, {world.cis: (260, 10)})
    need = aid.need(quantity=150)
    aid.propose(need)
    world.declare(other, {world.cis: (215, 10)}, at=NOW + timedelta(minutes=5))
    with pytest.raises(AidError, match="peut donner 5\u00a0ampoules au plus"):
        confirm_need(by=aid.ars, need=need)
    assert not need.transfers.exclude(state=TransferState.PROPOSED).exists()
    with pytest.raises(AidError, match="Aucun transfert"):
        confirm_need(by=aid.ars, need=aid.need(product=world.mida))


def test_an_agency_does_not_commit_a_pharmacy_of_another_region(aid):
    world = aid.world
    world.declare(world.lyon, {world.cis: (9000, 10)})
    need = aid.need(quantity=300)
    need.is_beyond = True
    need.save()
    aid.propose(need, by=aid.country)
    far = need.transfers.get(giver=world.lyon)
    with pytest.raises(AidError, match="ne peut pas confirmer"):
        confirm(by=aid.ars, transfer=far)
    assert confirm(by=aid.country, transfer=far).state == TransferState.CONFIRMED


def test_each_step_is_written_to_those_who_wait_for_it(aid, monkeypatch):
    sent = []
    monkeypatch.setattr(
        "accounts.notices.aid.queue_written", lambda subject, text, to: sent.append((subject, to))
    )
    giver, taker = aid.gf(aid.world.bourges).email, aid.gf(aid.world.orleans).email
    aid.shipped()

    def told(words):
        return {to for subject, to in sent if words in subject} & {giver, taker}

    assert told("à accepter") == {giver, taker}
    assert told("à expédier") == {giver}
    assert told("expédié\u00a0") == {taker}


def test_a_taker_is_written_to_once_for_all_that_is_confirmed_in_one_click(aid, monkeypatch):
    world, sent = aid.world, []
    near = make_pui("PUI Nord", on=make_establishment(department=make_department("45")))
    world.declare(near, {world.cis: (400, 10)})
    need = aid.need(quantity=800)
    aid.propose(need)
    assert need.transfers.count() > 1
    monkeypatch.setattr(
        "accounts.notices.aid.queue_written", lambda subject, text, to: sent.append((subject, to))
    )
    taker = aid.gf(world.orleans).email
    confirm_need(by=aid.ars, need=need)
    told = [subject for subject, to in sent if to == taker]
    assert [f"{need.transfers.count()} dépannages à accepter" in one for one in told] == [True]


def test_the_agency_is_told_of_a_need_it_did_not_open_and_the_cell_of_those_beyond(
    aid, monkeypatch
):
    sent = []
    Region.objects.filter(pk="24").update(mailbox="ars@ars.example")
    body = make_body("national")
    AdministrativeBody.objects.filter(pk=body.pk).update(mailbox="cellule@sante.example")
    monkeypatch.setattr(
        "accounts.notices.aid.queue_written", lambda subject, text, to: sent.append(to)
    )
    aid.need(make_pui(on=make_establishment()))
    assert sent == []
    orleans = Pui.objects.get(pk=aid.world.orleans.pk)
    need = aid.need(orleans, by=aid.gf(orleans))
    assert sent == ["ars@ars.example"]
    transfer = aid.confirmed(need)
    type(need).objects.update(is_beyond=True)
    sent.clear()
    refuse(by=aid.gf(aid.world.bourges), transfer=transfer, side=Side.GIVER, reason="Plus rien")
    assert {"ars@ars.example", "cellule@sante.example"} <= set(sent)


@pytest.mark.django_db(transaction=True)
def test_two_people_never_promise_the_same_units(aid):
    first, second = aid.need(), aid.need(make_pui(on=make_establishment()))
    found = []

    def propose_second():
        try:
            found.append(aid.propose(second, by=aid.country))
        finally:
            connection.close()

    with transaction.atomic():
        aid.propose(first)
        other = threading.Thread(target=propose_second)
        other.start()
        wait_until_somebody_waits_for_a_lock()
    other.join()
    assert [one.unmet for one in found] == [{second.pk: 100}]
    assert sum(one.quantity for one in MedicineTransfer.objects.all()) == 100


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does(aid):
    transfer = aid.proposed()
    refusals = []

    def confirm_too():
        try:
            confirm(by=aid.country, transfer=transfer)
        except AidError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    with transaction.atomic():
        confirm(by=aid.ars, transfer=transfer)
        other = threading.Thread(target=confirm_too)
        other.start()
        wait_until_somebody_waits_for_a_lock()
    other.join()
    assert len(refusals) == 1
    assert Entry.objects.filter(verb="pui.aid_confirmed").count() == 1
