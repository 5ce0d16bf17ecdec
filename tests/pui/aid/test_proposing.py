"""Who may give: fresh, three weeks kept, nothing promised twice, the region then the country."""

from datetime import timedelta
from decimal import Decimal

import pytest

from establishments.models import Position
from establishments.redistribution.distance import Source
from establishments.redistribution.states import Urgency
from pui.aid.stocks import catalogue_today, held_by
from tests.builders import make_department, make_establishment
from tests.pui.aid.acts import (
    AidError,
    add_transfer,
    candidates_for,
    sentence_of,
    set_quantity,
    widen_need,
)
from tests.pui.builders import make_pui
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db


def surplus(aid, pui, product=None):
    label = (product or aid.world.cis).reference.label
    found = held_by(catalogue_today(NOW), [label], [pui.pk], NOW).get((pui.pk, label))
    return found.surplus if found else None


def test_a_donor_gives_what_it_has_beyond_three_weeks_and_no_more(aid):
    need = aid.need(quantity=150)
    proposal = aid.propose(need)
    assert [(one.giver, one.quantity) for one in need.transfers.all()] == [(aid.world.bourges, 100)]
    assert proposal.unmet == {need.pk: 50}
    assert need.remaining == 50


def test_a_stale_declaration_is_never_proposed(aid):
    world = aid.world
    world.declare(world.bourges, {world.mida: (900, 10)}, back=2)
    need = aid.need(product=world.mida)
    assert aid.propose(need).unmet == {need.pk: 100}
    with pytest.raises(AidError, match="aucune déclaration à jour"):
        add_transfer(by=aid.ars, need=need, giver=world.bourges, quantity=1)


def test_what_is_promised_is_not_promised_again(aid):
    first, second = aid.need(), aid.need(make_pui(on=make_establishment()))
    aid.propose(first)
    assert aid.propose(second).unmet == {second.pk: 100}
    assert surplus(aid, aid.world.bourges) == 0


def test_what_left_is_deducted_until_the_donor_declares_again(aid, monkeypatch):
    world = aid.world
    aid.shipped()
    assert surplus(aid, world.bourges) == 0
    world.declare(world.bourges, {world.cis: (240, 10)}, at=NOW + timedelta(minutes=5))
    assert surplus(aid, world.bourges) == 30


def test_what_was_received_is_still_deducted_from_an_older_declaration(aid):
    aid.received()
    assert surplus(aid, aid.world.bourges) == 0


def test_who_lacks_a_product_gives_none_of_it(aid):
    world = aid.world
    need = aid.need()
    aid.need(world.bourges)
    assert aid.propose(need).moves == []


def test_the_most_urgent_need_is_served_first(aid):
    later = aid.need(urgency=Urgency.WEEK)
    urgent = aid.need(make_pui(on=make_establishment()), urgency=Urgency.TODAY)
    proposal = aid.propose(later, urgent)
    assert [(one.need, one.quantity) for one in proposal.moves] == [(urgent, 100)]
    assert proposal.unmet == {later.pk: 100}


def test_the_nearest_gives_first_by_coordinates_when_both_are_known(aid):
    world = aid.world
    near = make_pui("Proche", on=make_establishment(department=make_department("18", "Cher")))
    world.declare(near, {world.cis: (310, 10)})
    for pui, latitude in ((world.orleans, 47.90), (near, 47.95), (world.bourges, 47.08)):
        place = pui.establishment
        Position.objects.create(establishment=place, latitude=latitude, longitude=2)
    need = aid.need()
    transfer = aid.proposed(need)
    assert (transfer.giver, transfer.distance_km) == (near, 6)
    assert transfer.distance_source == Source.COORDINATES
    assert "à 6\u00a0km" in sentence_of(transfer)


def test_without_coordinates_the_distance_of_departments_is_said_to_be_so(aid):
    transfer = aid.proposed()
    assert transfer.distance_source == Source.DEPARTMENT
    assert "à environ" in sentence_of(transfer)


def test_the_sentence_tells_stock_use_and_cover_before_and_after(aid):
    said = sentence_of(aid.proposed(aid.need(quantity=40))).replace("\u00a0", " ")
    assert "310 ampoules en stock (échéance du 20/11)" in said
    assert "10 par jour : 31,0 j de couverture, 27,0 j après ce don" in said


def test_another_region_gives_only_when_the_country_is_asked(aid):
    world = aid.world
    world.declare(world.lyon, {world.cis: (9000, 10)})
    need = aid.need(quantity=300)
    aid.propose(need, by=aid.country)
    assert [one.giver for one in need.transfers.all()] == [world.bourges]
    widen_need(by=aid.ars, need=need)
    aid.propose(need, by=aid.ars)
    assert [one.giver for one in need.transfers.all()] == [world.bourges]
    aid.propose(need, by=aid.country)
    assert {one.giver: one.quantity for one in need.transfers.all()} == {
        world.bourges: 100,
        world.lyon: 200,
    }


def test_the_region_gives_before_a_nearer_pharmacy_of_another_one(aid):
    world = aid.world
    neighbour = make_establishment(department=world.lyon.establishment.department)
    other = make_pui("De l’autre côté", on=neighbour)
    world.declare(other, {world.cis: (310, 10)})
    for place, latitude in (
        (neighbour, 47.91),
        (world.orleans.establishment, 47.90),
        (world.bourges.establishment, 47.08),
    ):
        Position.objects.create(establishment=place, latitude=latitude, longitude=2)
    need = aid.need()
    widen_need(by=aid.ars, need=need)
    need.refresh_from_db()
    assert [one.place for one in candidates_for(aid.country, [need], NOW)[need.pk]] == [
        world.bourges,
        other,
    ]


def test_the_agency_chooses_and_changes_under_the_same_rule(aid):
    need = aid.need(quantity=500)
    with pytest.raises(AidError, match="peut donner 100\u00a0ampoules au plus"):
        add_transfer(by=aid.ars, need=need, giver=aid.world.bourges, quantity=101)
    transfer = add_transfer(by=aid.ars, need=need, giver=aid.world.bourges, quantity=60)
    assert set_quantity(by=aid.ars, transfer=transfer, quantity=100).quantity == 100
    with pytest.raises(AidError, match="peut donner 100\u00a0ampoules au plus"):
        set_quantity(by=aid.ars, transfer=transfer, quantity=101)
    with pytest.raises(AidError, match="une unité au moins"):
        set_quantity(by=aid.ars, transfer=transfer, quantity=0)


def test_no_more_is_proposed_than_what_is_asked(aid):
    need = aid.need(quantity=50)
    with pytest.raises(AidError, match="Il reste 50"):
        add_transfer(by=aid.ars, need=need, giver=aid.world.bourges, quantity=51)
    transfer = aid.proposed(need)
    with pytest.raises(AidError, match="que 50\u00a0ampoules"):
        set_quantity(by=aid.ars, transfer=transfer, quantity=51)


def test_proposing_again_completes_what_was_chosen_by_hand(aid):
    need = aid.need(quantity=90)
    add_transfer(by=aid.ars, need=need, giver=aid.world.bourges, quantity=30)
    aid.propose(need)
    transfer = need.transfers.get()
    assert transfer.quantity == 90
    assert transfer.explanation["promised"] == 0


def test_a_third_of_a_unit_is_never_given(aid):
    world = aid.world
    world.declare(world.bourges, {world.cis: (Decimal("210.66"), 10)})
    assert surplus(aid, world.bourges) == 0


def test_an_agency_proposes_for_its_region_alone(aid):
    world = aid.world
    need = aid.need(world.lyon, by=aid.gf(world.lyon))
    with pytest.raises(AidError, match="Aucun de ces besoins"):
        aid.propose(need)
    with pytest.raises(AidError, match="Seuls l’ARS"):
        add_transfer(by=aid.ars, need=need, giver=world.bourges, quantity=10)
    own = aid.need()
    with pytest.raises(AidError, match="pas de votre ressort"):
        add_transfer(by=aid.ars, need=own, giver=world.lyon, quantity=10)
