"""Who may give: a fresh inventory, three weeks kept, nothing promised twice."""

from datetime import timedelta

import pytest

from common.weeks import shift
from epi_stocks.aid.stocks import fresh_weeks, held_by
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import CentralCoverage, EquipmentTransfer, InventoryLine
from establishments.models import Establishment
from establishments.redistribution.services.needs import AidError, widen_need
from establishments.redistribution.services.steps import cancel
from establishments.redistribution.services.transfers import add_transfer, set_quantity
from establishments.redistribution.sharing import candidates_for
from establishments.redistribution.states import TransferState, Urgency
from tests.builders import make_department, make_establishment
from tests.epi_stocks.aid.conftest import FFP2, MASKS, MONDAY, SATURDAY, WEEK

pytestmark = pytest.mark.django_db


def donors_of(aid, need, now=MONDAY, by=None):
    return {
        one.place: one.held.surplus
        for one in candidates_for(EQUIPMENT, by or aid.ars, [need], now)[need.pk]
    }


def test_a_donor_keeps_three_weeks_of_its_own_consumption(aid):
    need = aid.need()
    assert donors_of(aid, need) == {aid.bourges: 100}


def test_a_region_gives_first_and_the_country_once_it_is_asked(aid):
    aid.declare(aid.rennes, 1000, 10)
    need = aid.need(quantity=150)
    assert aid.propose(need).unmet == {need.pk: 50}
    widen_need(EQUIPMENT, by=aid.ars, need=need)
    need.refresh_from_db()
    assert donors_of(aid, need) == {}
    assert donors_of(aid, need, by=aid.country) == {aid.rennes: 790}
    assert aid.propose(need, by=aid.country).unmet == {}


def test_last_week_counts_until_this_one_is_expected(aid):
    assert fresh_weeks(MONDAY) == [WEEK, shift(WEEK, -1)]
    assert fresh_weeks(SATURDAY) == [WEEK]
    old = make_establishment()
    aid.declare(old, 1000, 10, week=shift(WEEK, -1))
    older = make_establishment()
    aid.declare(older, 1000, 10, week=shift(WEEK, -2))
    need = aid.need()
    assert donors_of(aid, need) == {aid.bourges: 100, old: 790}
    assert donors_of(aid, need, SATURDAY) == {aid.bourges: 100}


@pytest.mark.parametrize(
    "fields",
    [
        {"stock": None, "daily": 10},
        {"stock": 1000, "daily": None},
        {"stock": 1000, "daily": 10, "doubts": 1},
        {"stock": 210, "daily": 10},
    ],
    ids=["no stock", "no consumption", "to check", "three weeks exactly"],
)
def test_what_is_not_sure_gives_nothing(aid, fields):
    aid.declare(make_establishment(), **fields)
    assert set(donors_of(aid, aid.need())) == {aid.bourges}


def test_a_value_confirmed_by_who_typed_it_gives(aid):
    sure = make_establishment()
    aid.declare(sure, 1000, 10, doubts=1 | 8)
    assert sure in donors_of(aid, aid.need())


def test_a_covered_site_gives_and_asks_through_the_one_that_declares(aid):
    covered = make_establishment(legal_entity=aid.bourges.legal_entity)
    aid.declare(covered, 1000, 10)
    CentralCoverage.objects.create(
        declaring=aid.bourges, covered=covered, first_week=shift(WEEK, -4)
    )
    assert set(donors_of(aid, aid.need())) == {aid.bourges}
    with pytest.raises(AidError, match="ne demande pas de dépannage"):
        aid.need(covered)


def test_who_lacks_an_item_gives_none_of_it_but_gives_others(aid):
    aid.declare(aid.bourges, 1000, 1, item=MASKS)
    aid.need(aid.bourges, quantity=5)
    assert donors_of(aid, aid.need()) == {}
    assert donors_of(aid, aid.need(item=MASKS)) == {aid.bourges: 979}


def test_a_promise_is_not_given_twice_until_it_is_cancelled(aid):
    transfer = aid.proposed(aid.need(quantity=60))
    other = make_establishment()
    aid.declare(other, 0, 10)
    need = aid.need(other, quantity=60)
    assert donors_of(aid, need) == {aid.bourges: 40}
    cancel(EQUIPMENT, by=aid.ars, transfer=transfer)
    assert donors_of(aid, need) == {aid.bourges: 100}


def test_what_left_is_deducted_until_the_donor_types_its_stock_again(aid):
    transfer = aid.shipped(aid.need(quantity=60))
    sites = Establishment.objects.filter(pk=aid.bourges.pk)

    def held():
        return held_by(sites, [FFP2], MONDAY)[aid.bourges.pk, FFP2]

    assert (held().promised, held().surplus) == (60, 40)
    InventoryLine.objects.filter(establishment=aid.bourges, week=WEEK, item=FFP2).update(
        stock=250, saved_at=transfer.shipped_at + timedelta(minutes=1)
    )
    assert (held().promised, held().surplus) == (0, 40)


def test_several_needs_are_solved_together_the_urgent_first(aid):
    far = make_establishment(department=make_department("28", "Eure-et-Loir"))
    aid.declare(far, 0, 10)
    later = aid.need(quantity=80, urgency=Urgency.WEEK)
    urgent = aid.need(far, quantity=70, urgency=Urgency.TODAY)
    assert aid.propose(later, urgent).unmet == {later.pk: 50}
    given = dict(EquipmentTransfer.objects.values_list("need", "quantity"))
    assert given == {urgent.pk: 70, later.pk: 30}


def test_proposing_again_completes_and_does_not_double(aid):
    need = aid.need(quantity=150)
    aid.propose(need)
    near = make_establishment()
    aid.declare(near, 300, 1)
    assert aid.propose(need).unmet == {}
    assert {one.giver: one.quantity for one in need.transfers.all()} == {
        aid.bourges: 100,
        near: 50,
    }
    with pytest.raises(AidError, match="d’unité à trouver"):
        aid.propose(need)


def test_the_proposal_says_why(aid):
    told = aid.proposed().explanation
    assert told == {
        "stock": "310",
        "daily": "10",
        "promised": 0,
        "unit": "unité",
        "declared_on": WEEK.isoformat(),
    }


def test_the_agency_chooses_a_donor_under_the_same_rule(aid):
    near = make_establishment()
    aid.declare(near, 300, 10)
    need = aid.need()

    def add(giver, quantity):
        return add_transfer(
            EQUIPMENT, by=aid.ars, need=need, giver=giver, quantity=quantity, now=MONDAY
        )

    for giver, quantity, said in (
        (near, 91, "peut donner 90\u00a0unités au plus"),
        (near, 0, "une unité au moins"),
        (aid.bourges, 101, "reste 100\u00a0unités à trouver"),
        (aid.orleans, 10, "soi-même"),
        (aid.rennes, 10, "pas de votre ressort"),
        (make_establishment(), 10, "aucune déclaration à jour"),
    ):
        with pytest.raises(AidError, match=said):
            add(giver, quantity)
    transfer = add(near, 40)
    with pytest.raises(AidError, match="peut donner 90\u00a0unités au plus"):
        set_quantity(EQUIPMENT, by=aid.ars, transfer=transfer, quantity=95, now=MONDAY)
    changed = set_quantity(EQUIPMENT, by=aid.ars, transfer=transfer, quantity=90, now=MONDAY)
    assert (changed.quantity, changed.state) == (90, TransferState.PROPOSED)
