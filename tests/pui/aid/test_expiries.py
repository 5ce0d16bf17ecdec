"""Nearest first, then nearest expiry; nothing that would expire before it serves is proposed."""

from datetime import date, timedelta

import pytest

from establishments.models import Position
from establishments.redistribution.held import BAND_KM, MOST_DAYS, Held, held_in, order_of
from medications.models import Priority
from tests.builders import make_department, make_establishment
from tests.html_rules import assert_sound_html
from tests.pui.aid.acts import (
    AidError,
    add_transfer,
    candidates_for,
    confirm,
    sentence_of,
)
from tests.pui.aid.conftest import SATURDAY
from tests.pui.builders import make_followed, make_product, make_pui
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
SOON, LATER = date(2021, 1, 31), date(2021, 6, 30)
LATER_WANTED = date(2020, 12, 14)
TOO_SOON = SATURDAY + timedelta(days=6)
JUST_IN_TIME = SATURDAY + timedelta(days=7)


@pytest.fixture
def twin(world):
    """Another pharmacy of the Cher, as far from Orléans as Bourges."""
    return make_pui("Jumelle", on=make_establishment(department=make_department("18", "Cher")))


def given_by(need):
    return {one.giver: one.quantity for one in need.transfers.all()}


def place(*pairs):
    """Put these pharmacies on a meridian, so many kilometres north of 47°."""
    for pui, km in pairs:
        latitude = round(47 + km / 111.195, 4)
        Position.objects.create(establishment=pui.establishment, latitude=latitude, longitude=2)


def test_of_two_donors_as_near_the_nearest_expiry_gives_first(aid, twin):
    world = aid.world
    world.declare(world.bourges, {world.cis: (310, 10, LATER)})
    world.declare(twin, {world.cis: (310, 10, SOON)})
    need = aid.need(quantity=130)
    aid.propose(need)
    assert given_by(need) == {twin: 100, world.bourges: 30}


def test_a_declared_expiry_goes_before_one_that_is_not(aid, twin):
    world = aid.world
    world.declare(twin, {world.cis: (310, 10, LATER)})
    need = aid.need(quantity=100)
    aid.propose(need)
    assert given_by(need) == {twin: 100}


def test_in_a_band_of_distance_the_expiry_decides_and_beyond_it_the_distance(aid, twin):
    world = aid.world
    place((world.orleans, 0), (world.bourges, 26), (twin, 48))
    world.declare(world.bourges, {world.cis: (310, 10, LATER)})
    world.declare(twin, {world.cis: (310, 10, SOON)})
    need = aid.need()
    assert [one.place for one in candidates_for(aid.ars, [need], NOW)[need.pk]] == [
        twin,
        world.bourges,
    ]
    Position.objects.filter(establishment=twin.establishment).delete()
    place((twin, 55))
    aid.propose(need)
    assert given_by(need) == {world.bourges: 100}


def test_in_a_band_the_same_expiry_leaves_the_nearest_first(aid, twin):
    world = aid.world
    place((world.orleans, 0), (world.bourges, 40), (twin, 30))
    for pui in (world.bourges, twin):
        world.declare(pui, {world.cis: (310, 10, SOON)})
    need = aid.need()
    aid.propose(need)
    assert given_by(need) == {twin: 100}


def test_an_expiry_never_leaves_a_unit_unmet(aid, twin):
    """Given to the first need for its expiry, the only donor of the second would be used up."""
    world = aid.world
    chartres = make_pui(
        "Chartres", on=make_establishment(department=make_department("28", "Eure-et-Loir"))
    )
    world.declare(world.bourges, {world.cis: (310, 10, LATER)})
    world.declare(twin, {world.cis: (310, 10, SOON)})
    needs = [aid.need(quantity=100), aid.need(chartres, quantity=100)]
    assert aid.propose(*needs).unmet == {}


def test_what_expires_less_than_a_week_after_it_is_wanted_is_never_proposed(aid):
    world = aid.world
    world.declare(world.bourges, {world.cis: (310, 10, TOO_SOON)})
    need = aid.need()
    assert aid.propose(need).unmet == {need.pk: 100}
    with pytest.raises(AidError, match="trop tôt pour servir"):
        add_transfer(by=aid.ars, need=need, giver=world.bourges, quantity=1)
    world.declare(world.bourges, {world.cis: (310, 10, JUST_IN_TIME)}, at=NOW + timedelta(hours=1))
    assert aid.propose(need).unmet == {}


def test_a_need_wanted_later_takes_only_what_is_still_good_then(aid):
    world = aid.world
    world.declare(world.bourges, {world.cis: (310, 10, date(2020, 12, 20))})
    now, later = aid.need(), aid.need(make_pui(on=make_establishment()), wanted_on=LATER_WANTED)
    found = candidates_for(aid.ars, [now, later], NOW)
    assert [one.place for one in found[now.pk]] == [world.bourges]
    assert found[later.pk] == []


def test_an_expired_stock_gives_nothing_and_the_other_ucds_of_the_reference_still_do(aid):
    world = aid.world
    other = make_product("CISATRACURIUM B", reference=world.cis.reference, unit="ampoule")
    make_followed(other, priority=Priority.NATIONAL)
    lines = {world.cis: (310, 10, date(2020, 10, 31)), other: (90, 0, LATER)}
    world.declare(world.bourges, lines)
    need = aid.need(quantity=200)
    aid.propose(need)
    assert given_by(need) == {}, "what the others hold covers its own three weeks first"
    lines[other] = (250, 0, LATER)
    world.declare(world.bourges, lines, at=NOW + timedelta(hours=1))
    aid.propose(need)
    assert given_by(need) == {world.bourges: 40}
    said = sentence_of(need.transfers.get()).replace("\u00a0", " ")
    assert "310 ampoules périment trop tôt pour servir" in said
    assert "péremption la plus proche le 30/06/2021" in said


def test_what_became_too_near_since_is_refused_at_the_confirmation(aid):
    world = aid.world
    world.declare(world.bourges, {world.cis: (310, 10, LATER)})
    transfer = aid.proposed()
    world.declare(world.bourges, {world.cis: (310, 10, TOO_SOON)}, at=NOW + timedelta(hours=1))
    with pytest.raises(AidError, match="trop tôt pour servir"):
        confirm(by=aid.ars, transfer=transfer)


def test_the_proposal_says_the_expiry_or_that_none_is_declared(aid):
    world = aid.world
    assert sentence_of(aid.proposed()).endswith("péremption non déclarée.")
    world.declare(world.bourges, {world.mida: (310, 10, SOON)})
    said = sentence_of(aid.proposed(aid.need(product=world.mida)))
    assert said.endswith("péremption la plus proche le 31/01/2021.")


def test_the_shipping_begins_with_the_declared_expiry(aid, client):
    world = aid.world
    world.declare(world.bourges, {world.cis: (310, 10, SOON)})
    transfer = aid.accepted()
    client.force_login(aid.gf(world.bourges))
    page = client.get(f"/entraide/medicaments/transferts/{transfer.pk}/")
    assert_sound_html(page)
    assert 'value="2021-01-31"' in page.text
    assert "déclarée avec le stock" in page.text.replace("\u00a0", " ")
    assert transfer.nearest_expiry is None, "it is told when shipping"


def test_without_a_declared_expiry_the_shipping_asks_for_it(aid, client):
    transfer = aid.accepted()
    client.force_login(aid.gf(aid.world.bourges))
    page = client.get(f"/entraide/medicaments/transferts/{transfer.pk}/")
    assert "Non déclarée par le donneur" in page.text


def test_the_order_of_donors_is_band_then_expiry_then_distance():
    ranked = [
        order_of(24, SOON, TODAY),
        order_of(3, LATER, TODAY),
        order_of(2, date(2040, 1, 31), TODAY),
        order_of(9, None, TODAY),
        order_of(BAND_KM, SOON, TODAY),
        order_of(BAND_KM + 1, SOON, TODAY),
    ]
    assert ranked == sorted(ranked)
    assert order_of(0, None, TODAY) == (0, MOST_DAYS, 0)
    assert order_of(0, TODAY - timedelta(days=9), TODAY) == (0, 0, 0)


def test_what_is_kept_of_a_donor_comes_back_equal():
    for held in (Held(310, 10), Held(310, 10, 5, TODAY, "ampoule", SOON, 40)):
        assert held_in(held.as_json) == held
