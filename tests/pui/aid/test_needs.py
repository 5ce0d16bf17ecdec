"""A need: who opens, widens and ends it, and what it refuses."""

from datetime import date

import pytest

from establishments.redistribution.states import NeedState, TransferState
from journal.models import Entry
from pui.models import MedicineNeed
from tests.builders import make_person
from tests.pui.aid.acts import AidError, end_need, visible_needs, widen_need

pytestmark = pytest.mark.django_db


def test_a_pharmacy_and_its_ars_open_a_need_and_nobody_else(aid):
    world = aid.world
    aid.need(by=aid.gf(world.orleans))
    aid.need(world.bourges, world.mida, by=aid.ars)
    for stranger in (
        aid.gf(world.lyon),
        aid.country,
        make_person("OIE", on=world.orleans.establishment),
    ):
        with pytest.raises(AidError, match="ne demande pas de dépannage"):
            aid.need(product=world.mida, by=stranger)
    assert Entry.objects.filter(verb="pui.aid_need_opened").count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity": 0}, "au moins une unité"),
        ({"reason": " . "}, "pourquoi"),
        ({"wanted_on": date(2020, 11, 23)}, "dans les 60 jours"),
        ({"wanted_on": date(2021, 11, 23)}, "dans les 60 jours"),
    ],
)
def test_a_need_without_sense_is_refused(aid, fields, said):
    with pytest.raises(AidError, match=said):
        aid.need(**fields)
    assert not MedicineNeed.objects.exists()


def test_the_same_product_is_asked_once_at_a_time(aid):
    need = aid.need()
    with pytest.raises(AidError, match="déjà ouvert"):
        aid.need()
    end_need(by=aid.ars, need=need, answer="Livraison arrivée")
    aid.need()


def test_a_closed_pharmacy_asks_for_nothing(aid):
    pui = aid.world.orleans
    pui.closed_on = date(2020, 11, 1)
    pui.save()
    with pytest.raises(AidError, match="ne demande pas de dépannage"):
        aid.need(pui)


def test_the_agency_closes_with_an_answer_and_the_pharmacy_cancels(aid):
    closed = aid.need()
    cancelled = aid.need(product=aid.world.mida)
    with pytest.raises(AidError, match="Dites pourquoi"):
        end_need(by=aid.ars, need=closed, answer="")
    assert end_need(by=aid.ars, need=closed, answer="Répartition demain").state == NeedState.CLOSED
    gf = aid.gf(aid.world.orleans)
    assert end_need(by=gf, need=cancelled, answer="Reçu hier").state == NeedState.CANCELLED
    with pytest.raises(AidError, match="ne change plus"):
        end_need(by=aid.ars, need=closed, answer="Encore une fois")


def test_ending_a_need_takes_back_what_was_only_proposed(aid):
    transfer = aid.proposed()
    end_need(by=aid.ars, need=transfer.need, answer="Livraison arrivée")
    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED


def test_a_need_does_not_end_under_those_who_were_told(aid):
    transfer = aid.confirmed()
    with pytest.raises(AidError, match="Des transferts sont en cours"):
        end_need(by=aid.ars, need=transfer.need, answer="Livraison arrivée")


def test_widening_is_asked_once_by_the_agency_alone(aid):
    need = aid.need()
    with pytest.raises(AidError, match="Seuls l’ARS"):
        widen_need(by=aid.gf(aid.world.orleans), need=need)
    assert widen_need(by=aid.ars, need=need)
    assert not widen_need(by=aid.ars, need=need)


def test_a_need_is_seen_by_its_pharmacy_and_those_who_follow_it(aid):
    need = aid.need()
    world = aid.world
    seen = [aid.ars, aid.country, aid.gf(world.orleans)]
    unseen = [aid.gf(world.bourges), aid.gf(world.lyon), make_person("ARL")]
    assert all(need in visible_needs(one) for one in seen)
    assert not any(visible_needs(one).exists() for one in unseen)
