"""« Qui peut dépanner le CH en cisatracurium ? »: surplus, nearness, freshness, contacts."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from medications.models import Priority
from pui.aid.stocks import catalogue_today, held_by, spare_by
from pui.region.donors import find_donors, named
from tests.builders import make_department, make_establishment, make_person
from tests.pui.builders import make_followed, make_product, make_pui, make_reference
from tests.pui.region.conftest import NOW, rows_of, text_of

pytestmark = pytest.mark.django_db
DONORS = "/dispostock/region/depanner/"


def found_by(user, name, needing=None):
    return find_donors(user, catalogue_today(NOW), name, needing, NOW)


@pytest.fixture
def user(world):
    return make_person("ARA")


def test_the_surplus_is_what_is_left_beyond_three_weeks(world, user):
    world.declare(world.orleans, {world.cis: (Decimal("250.5"), 10)})
    world.declare(world.bourges, {world.cis: (210, 10)})
    found = found_by(user, "CISATRACURIUM")
    assert [(one.pui, one.surplus) for one in found.found] == [(world.orleans, 40)]
    assert found.short == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_surplus_that_ranks_is_the_one_that_is_shown(world, seed):
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    soon, later = NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=200)
    twin = make_followed(make_product("CISATRACURIUM B", reference=world.cis.reference))
    puis = [world.orleans, world.bourges, *(make_pui(f"PUI {rank}") for rank in range(6))]
    for pui in puis:
        lines = {
            product: (
                Decimal(draw.randrange(1, 90_000)) / 100,
                Decimal(draw.randrange(900)) / 100,
                draw.choice([None, soon, later]),
            )
            for product in (world.cis, twin)
        }
        world.declare(pui, lines)
    catalogue = catalogue_today(NOW)
    asked = (catalogue, {str(world.cis.reference)}, [one.pk for one in puis], NOW)
    whole = {
        key: (one.surplus, one.nearest_expiry, bool(one.expiring))
        for key, one in held_by(*asked).items()
    }
    assert spare_by(*asked) == whole
    assert len(whole) == len(puis)


def test_the_nearest_comes_first_then_the_largest_surplus(world, user):
    same = make_pui("Voisine", on=make_establishment(department=make_department()))
    far = make_pui(
        "Lointaine", on=make_establishment(department=make_department("28", "Eure-et-Loir"))
    )
    for pui, stock in ((same, 300), (world.bourges, 900), (far, 9000)):
        world.declare(pui, {world.cis: (stock, 10)})
    found = found_by(user, "CISATRACURIUM", world.orleans)
    assert found.found[0].pui == same
    assert {one.pui for one in found.found[1:]} == {world.bourges, far}
    anywhere = found_by(user, "CISATRACURIUM")
    assert [one.pui for one in anywhere.found] == [far, world.bourges, same]


def test_stale_stocks_are_never_proposed_and_are_counted(world, user):
    world.declare(world.bourges, {world.cis: (900, 10)}, back=2)
    found = found_by(user, "CISATRACURIUM")
    assert (found.found, found.stale) == ([], 1)


def test_a_pharmacy_that_left_a_product_out_is_not_called_stale(world, user):
    twin = make_product("CISATRACURIUM B", reference=world.cis.reference, unit="ampoule")
    make_followed(twin, priority=Priority.NATIONAL)
    world.declare(world.bourges, {world.cis: (900, 10), twin: (40, 1)}, back=2)
    world.declare(world.bourges, {world.cis: (900, 10)}, back=1)
    found = found_by(user, "CISATRACURIUM")
    assert ([one.pui for one in found.found], found.stale) == ([world.bourges], 0)


@pytest.mark.parametrize("number", ["²", "٣", "9" * 40, "\x00", "-1"])
def test_a_number_that_is_none_is_no_pharmacy(world, ars, number):
    answer = ars.get(DONORS, {"produit": "cisatracurium", "pui": number, "pour": "\x00"})
    assert answer.status_code == 200


def test_the_strengths_of_a_dci_do_not_add_up(world, user):
    weak = make_product("CISATRACURIUM 5 mg", reference=make_reference("CISATRACURIUM", "5 mg"))
    make_followed(weak, priority=Priority.NATIONAL)
    world.declare(world.bourges, {world.cis: (900, 10), weak: (0, 90)})
    found = found_by(user, "CISATRACURIUM")
    assert [one.reference for one in found.found] == ["CISATRACURIUM 10 mg"]
    assert found_by(user, "CISATRACURIUM 5 mg").found == []


def test_what_the_pharmacy_in_need_holds_is_told_and_it_is_no_donor(world, user):
    world.declare(world.orleans, {world.cis: (900, 10)})
    found = found_by(user, "CISATRACURIUM", world.orleans)
    assert found.found == []
    assert [one.stock for one in found.own] == [900]


def test_the_strength_that_it_lacks_most_comes_first_and_leads_to_those_who_have_it(world, ars):
    strong = make_product("CISATRACURIUM 20 mg", reference=make_reference("CISATRACURIUM", "20 mg"))
    make_followed(strong, priority=Priority.NATIONAL)
    world.declare(world.orleans, {world.cis: (900, 10), strong: (20, 10)})
    world.declare(world.bourges, {world.cis: (900, 10), strong: (900, 10)})
    asked = {"produit": "cisatracurium", "pui": str(world.orleans.pk)}
    text = text_of(ars.get(DONORS, asked))
    assert text.index(">CISATRACURIUM 20 mg</a>") < text.index(">CISATRACURIUM 10 mg</a>")
    assert f"?produit=CISATRACURIUM%2020%20mg&amp;pui={world.orleans.pk}" in text


def test_a_product_is_known_by_the_beginning_of_its_name(world):
    catalogue = catalogue_today(NOW)
    assert named(catalogue, " cisatra ") == "CISATRACURIUM"
    assert named(catalogue, "cisatracurium 10 mg") == "CISATRACURIUM 10 mg"
    assert named(catalogue, "curare") == ""
    assert named(catalogue, "") == ""


def test_the_page_says_who_to_call(world, ars):
    make_person("GF", on=world.bourges.establishment)
    world.declare(world.orleans, {world.cis: (900, 10)})
    text = text_of(ars.get(DONORS, {"produit": "cisatracurium", "pour": "Bourges"}))
    assert "Qui peut dépanner CH de Bourges en cisatracurium ?" in text
    assert "Garde · 02 61 91 00 00" in text
    assert "690 ampoules" in text
    assert "Le plus proche d’abord" in text
    assert "Dites pour qui" in text_of(ars.get(DONORS, {"produit": "cisatracurium"}))


def test_before_anything_is_searched_the_page_says_what_it_will_tell(world, ars):
    assert "quelles PUI à jour en ont plus de trois semaines" in text_of(ars.get(DONORS))
    searched = ars.get(DONORS, {"produit": "inconnu"})
    assert "quelles PUI à jour en ont plus" not in text_of(searched)


def test_a_pharmacy_of_another_region_neither_gives_nor_receives(world, ars):
    world.declare(world.lyon, {world.cis: (900, 10)})
    text = text_of(ars.get(DONORS, {"produit": "cisatracurium", "pour": "Lyon"}))
    assert "PUI de Lyon" not in text
    assert "Aucune PUI de votre territoire ne correspond" in text
    answer = ars.get(DONORS, {"produit": "cisatracurium", "pui": str(world.lyon.pk)})
    assert answer.status_code == 404


def test_the_same_list_is_a_file(world, ars):
    world.declare(world.orleans, {world.cis: (900, 10)})
    rows = rows_of(ars.get(DONORS, {"produit": "cisatracurium", "fichier": "csv"}))
    assert [(row["PUI"], row["Surplus"]) for row in rows] == [("PUI de Orléans", "690")]
