"""From the need to the reception: who does each step, what stops, what reopens."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from epi_stocks.aid.moving import moving
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EquipmentNeed, EquipmentTransfer, InventoryLine
from establishments.redistribution.rights import visible_needs, visible_transfers
from establishments.redistribution.services.needs import AidError, end_need
from establishments.redistribution.services.steps import (
    accept,
    cancel,
    confirm,
    receive,
    refuse,
    ship,
)
from establishments.redistribution.states import NeedState, Side, TransferState
from journal.models import Entry
from tests.builders import make_establishment, make_person
from tests.epi_stocks.aid.conftest import FFP2, MASKS, MONDAY
from tests.locks import wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


def test_those_who_type_or_order_open_a_need_and_their_ars(aid):
    aid.need(by=aid.operator(aid.orleans))
    aid.need(item=MASKS, by=make_person("OCE", on=aid.orleans))
    aid.need(aid.bourges, by=aid.ars)
    for stranger in (
        aid.operator(aid.rennes),
        aid.country,
        make_person("GF", on=aid.orleans),
        make_person("ARL", domain="epi_stock"),
    ):
        with pytest.raises(AidError, match="ne demande pas de dépannage"):
            aid.need(item=3, by=stranger)
    assert Entry.objects.filter(verb="epi_stocks.aid_need_opened").count() == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity": 0}, "au moins une unité"),
        ({"reason": " . "}, "pourquoi"),
        ({"wanted_on": date(2020, 1, 1)}, "dans les 60 jours"),
        ({"item": 401}, "n’est pas suivi"),
    ],
)
def test_a_need_without_sense_is_refused(aid, fields, said):
    with pytest.raises(AidError, match=said):
        aid.need(**fields)
    assert not EquipmentNeed.objects.exists()


def test_the_same_item_is_asked_once_at_a_time(aid):
    need = aid.need()
    with pytest.raises(AidError, match="déjà ouvert"):
        aid.need()
    end_need(EQUIPMENT, by=aid.ars, need=need, answer="Livraison arrivée")
    aid.need()


def test_from_proposed_to_received_each_side_does_its_part(aid):
    transfer = aid.received()
    assert (transfer.state, transfer.received_quantity) == (TransferState.RECEIVED, 100)
    transfer.need.refresh_from_db()
    assert (transfer.need.state, transfer.need.remaining) == (NeedState.COVERED, 0)
    verbs = Entry.objects.filter(verb__startswith="epi_stocks.aid_").order_by("pk")
    told = verbs.values_list("verb", flat=True)
    assert [verb.removeprefix("epi_stocks.aid_") for verb in told] == [
        "need_opened",
        "proposed",
        "confirmed",
        "accepted",
        "accepted",
        "shipped",
        "received",
    ]


def test_an_establishment_sees_a_transfer_once_it_is_confirmed(aid):
    transfer = aid.proposed()
    giver, taker = aid.operator(aid.bourges), aid.operator(aid.orleans)
    assert not visible_transfers(EQUIPMENT, giver).exists()
    assert not visible_transfers(EQUIPMENT, taker).exists()
    confirm(EQUIPMENT, by=aid.ars, transfer=transfer, now=MONDAY)
    assert visible_transfers(EQUIPMENT, giver).get() == transfer
    assert visible_transfers(EQUIPMENT, taker).get() == transfer
    for stranger in (aid.operator(aid.rennes), make_person("GF", on=aid.bourges)):
        assert not visible_transfers(EQUIPMENT, stranger).exists()
        assert not visible_needs(EQUIPMENT, stranger).exists()


def test_nobody_takes_the_step_of_another_side(aid):
    transfer = aid.confirmed()
    giver, taker = aid.operator(aid.bourges), aid.operator(aid.orleans)
    pharmacist = make_person("GF", on=aid.bourges)
    for by, side in (
        (giver, Side.TAKER),
        (taker, Side.GIVER),
        (aid.ars, Side.GIVER),
        (pharmacist, Side.GIVER),
    ):
        with pytest.raises(AidError, match="ne peut pas accepter"):
            accept(EQUIPMENT, by=by, transfer=transfer, side=side)
    with pytest.raises(AidError, match="ne peut pas annuler"):
        cancel(EQUIPMENT, by=giver, transfer=transfer, reason="Je change d’avis")
    with pytest.raises(AidError, match="ne peut pas confirmer"):
        confirm(EQUIPMENT, by=taker, transfer=transfer)


def test_nothing_leaves_before_both_have_accepted(aid):
    transfer = aid.accept(aid.confirmed(), Side.GIVER)
    with pytest.raises(AidError):
        ship(EQUIPMENT, by=aid.operator(aid.bourges), transfer=transfer, expiry=None)
    with pytest.raises(AidError, match="déjà accepté"):
        aid.accept(transfer, Side.GIVER)


def test_the_donor_is_judged_again_when_confirmed(aid):
    transfer = aid.proposed()
    InventoryLine.objects.filter(establishment=aid.bourges, item=FFP2).update(stock=250)
    with pytest.raises(AidError, match="peut donner 40\u00a0unités au plus"):
        confirm(EQUIPMENT, by=aid.ars, transfer=transfer, now=MONDAY)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.PROPOSED


def test_a_difference_at_reception_needs_a_comment_and_reopens_what_lacks(aid):
    transfer = aid.shipped()
    taker = aid.operator(aid.orleans)
    with pytest.raises(AidError, match="expliquez l’écart"):
        receive(EQUIPMENT, by=taker, transfer=transfer, quantity=90)
    receive(EQUIPMENT, by=taker, transfer=transfer, quantity=90, comment="Un carton mouillé")
    transfer.need.refresh_from_db()
    assert (transfer.need.state, transfer.need.remaining) == (NeedState.OPEN, 10)


@pytest.mark.parametrize("side", [Side.GIVER, Side.TAKER])
def test_a_refusal_says_why_and_reopens_the_need(aid, side):
    transfer = aid.confirmed()
    by = aid.operator(aid.bourges if side is Side.GIVER else aid.orleans)
    with pytest.raises(AidError, match="Dites pourquoi"):
        refuse(EQUIPMENT, by=by, transfer=transfer, side=side, reason="")
    refused = refuse(EQUIPMENT, by=by, transfer=transfer, side=side, reason="Réservé aux urgences")
    assert (refused.state, refused.need.remaining) == (TransferState.REFUSED, 100)


@pytest.mark.parametrize("step", ["proposed", "confirmed", "accepted", "shipped"])
def test_the_agency_cancels_at_each_step_and_the_units_come_back(aid, step):
    transfer = getattr(aid, step)()
    cancelled = cancel(EQUIPMENT, by=aid.ars, transfer=transfer, reason="Livraison reçue")
    assert (cancelled.state, cancelled.need.remaining) == (TransferState.CANCELLED, 100)


def test_under_way_is_what_was_confirmed_and_has_not_arrived(aid):
    transfer = aid.proposed()
    assert moving(aid.orleans, aid.ars) == []
    confirm(EQUIPMENT, by=aid.ars, transfer=transfer, now=MONDAY)
    (arriving,), (leaving,) = moving(aid.orleans, aid.ars), moving(aid.bourges, aid.ars)
    assert arriving.sentence == "100\u00a0unités à recevoir de CH de Bourges"
    assert leaving.sentence == "100\u00a0unités à donner à CH d’Orléans"
    assert arriving.url
    assert moving(aid.orleans, make_person("ARL", domain="epi_stock"))[0].url == ""
    assert moving(aid.rennes, aid.ars) == []
    cancel(EQUIPMENT, by=aid.ars, transfer=transfer, reason="Livraison reçue")
    assert moving(aid.orleans, aid.ars) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_do_not_promise_the_same_units(aid):
    """The second waits for the first, then finds what is left."""
    other = make_establishment()
    aid.declare(other, 0, 10)
    first, second = aid.need(quantity=70), aid.need(other, quantity=70)
    unmet = []

    def propose_second():
        try:
            unmet.append(aid.propose(second).unmet)
        finally:
            connection.close()

    with transaction.atomic():
        aid.propose(first)
        colleague = threading.Thread(target=propose_second)
        colleague.start()
        wait_until_somebody_waits_for_a_lock()
    colleague.join()

    assert unmet == [{second.pk: 40}]
    assert sum(EquipmentTransfer.objects.values_list("quantity", flat=True)) == 100
