"""The pages of tensions: nothing is written before the preview was confirmed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common.weeks import current_week, week_label
from orders.models import Allocation, Tension
from orders.services.tensions import set_end, state_of
from orders.tension.notification import TOLD
from orders.tension.state import situation_of
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.orders.builders import GLOVES, MASKS, make_pool, make_quota

DAY = timedelta(days=1)
LIST, DECLARE = reverse("orders:tensions"), reverse("orders:tension_declare")


@pytest.fixture
def cell(world):
    client = Client()
    client.force_login(world.cell)
    return client


def typed(world, **more):
    return {
        "equipement": world.masks.pk,
        "region": "",
        "starts_on": world.today.isoformat(),
        "ends_on": "",
        "message": "Aux soins des malades d’abord.",
    } | more


def test_the_preview_says_who_will_see_it_and_who_has_a_quota(world, cell):
    make_quota(world.home, world.masks, granted=600)
    make_quota(world.far, world.masks, granted=0, allocation=Allocation.objects.get())
    make_quota(world.far, world.gloves, granted=600)
    page = cell.post(DECLARE, typed(world))
    assert page.status_code == 200
    assert "sur stock État, et un bandeau\u00a0: 2." in page.text
    assert f"{week_label(current_week())}\u00a0: 1." in page.text
    assert "Aux soins des malades d’abord." in page.text
    assert not Tension.objects.exists()


def test_the_preview_of_a_region_counts_that_region_and_tells_the_tension_of_the_country(
    world, cell
):
    world.declare(region=world.centre)
    page = cell.post(DECLARE, typed(world, region=world.lyon.pk))
    assert "sur stock État, et un bandeau\u00a0: 1." in page.text
    assert "valent ensemble" not in page.text
    world.declare()
    assert "valent ensemble" in cell.post(DECLARE, typed(world, region=world.lyon.pk)).text


def test_only_the_regions_that_are_served_are_offered(world, cell):
    make_region("04", "La Réunion", is_overseas=True)
    offered = cell.get(DECLARE).context["form"].fields["region"].queryset
    assert set(offered) == {world.centre, world.lyon}


def test_a_tension_that_began_is_no_more_to_be_taken_back(world, cell):
    tension = world.declare()
    address = reverse("orders:tension_cancel", args=[tension.pk])
    assert cell.get(address).status_code == 404


def test_a_tension_without_any_quota_is_warned_of(world, cell):
    assert "liront 0/0" in cell.post(DECLARE, typed(world)).text


def test_confirmed_it_is_declared_and_listed(world, cell):
    answer = cell.post(DECLARE, typed(world, confirmer="oui"))
    assert answer.status_code == 302
    page = cell.get(LIST)
    assert [one.item_id for one in page.context["under_way"]] == [MASKS]
    assert "Déclarée par" in page.text


def test_a_preview_goes_back_to_the_form_with_all_that_was_typed(world, cell):
    page = cell.post(DECLARE, typed(world, modifier="oui"))
    assert page.status_code == 200
    assert "Aux soins des malades d’abord." in page.text
    assert page.context["preview"] is None


def test_the_days_of_another_are_refused_before_the_preview_and_nothing_is_lost(world, cell):
    world.declare()
    page = cell.post(DECLARE, typed(world))
    assert page.status_code == 422
    assert "une tension est déjà déclarée" in page.text
    assert "Aux soins des malades d’abord." in page.text


def test_bad_days_are_told_beside_their_field(world, cell):
    page = cell.post(
        DECLARE,
        typed(
            world,
            starts_on=(world.today - DAY).isoformat(),
            ends_on=(world.today - 2 * DAY).isoformat(),
        ),
    )
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"starts_on", "ends_on"}


def test_the_equipment_of_the_panel_is_already_chosen(world, cell):
    form = cell.get(DECLARE, {"equipement": GLOVES}).context["form"]
    assert form.initial["equipement"] == world.gloves
    assert cell.get(DECLARE, {"equipement": "²"}).status_code == 200


def test_the_end_is_previewed_then_said(world, cell):
    tension = world.declare()
    address = reverse("orders:tension_end", args=[tension.pk])
    last = (world.today + 3 * DAY).isoformat()
    assert "0/0" in cell.post(address, {"ends_on": last, "seen": state_of(tension)}).text
    seen = {"ends_on": last, "seen": state_of(tension), "confirmer": "oui"}
    assert cell.post(address, seen).status_code == 302
    assert Tension.objects.get().ends_on == world.today + 3 * DAY


def test_an_end_said_meanwhile_by_a_colleague_is_shown(world, cell):
    tension = world.declare()
    seen = state_of(tension)
    set_end(by=world.cell, tension=tension, ends_on=world.today + 9 * DAY)
    page = cell.post(
        reverse("orders:tension_end", args=[tension.pk]),
        {"ends_on": world.today.isoformat(), "seen": seen, "confirmer": "oui"},
    )
    assert page.status_code == 409
    assert f"au {world.today + 9 * DAY:%d/%m/%Y}" in page.text
    assert Tension.objects.get().ends_on == world.today + 9 * DAY


def test_an_announced_tension_is_taken_back(world, cell):
    tension = world.declare(starts_on=world.today + DAY)
    address = reverse("orders:tension_cancel", args=[tension.pk])
    assert "Annuler la tension" in cell.get(address).text
    cell.post(address, {"confirmer": "oui", "seen": state_of(tension)})
    assert not Tension.objects.exists()


def test_past_tensions_stay_on_the_list_and_are_decided_no_more(world, cell):
    tension = world.declare()
    days = {"starts_on": world.today - 9 * DAY, "ends_on": world.today - DAY}
    Tension.objects.filter(pk=tension.pk).update(**days)
    page = cell.get(LIST)
    assert [one.pk for one in page.context["past"]] == [tension.pk]
    assert cell.get(reverse("orders:tension_end", args=[tension.pk])).status_code == 404


def test_an_ars_reads_the_list_and_decides_nothing(world):
    client = Client()
    client.force_login(world.agent)
    tension = world.declare()
    assert "Déclarer une tension" not in client.get(LIST).text
    assert client.get(DECLARE).status_code == 403
    address = reverse("orders:tension_end", args=[tension.pk])
    assert client.post(address, {"ends_on": world.today.isoformat()}).status_code == 403


def test_the_situation_of_a_region_takes_two_statements(world, django_assert_num_queries):
    world.declare(region=world.lyon, message="Pour Lyon.")
    with django_assert_num_queries(2):
        here = situation_of(world.centre.pk, world.today)
        assert (here.tense, [one.item.pk for one in here.calm]) == ([], [MASKS, GLOVES])
    there = situation_of(world.lyon.pk, world.today)
    assert [(one.item.pk, one.message) for one in there.tense] == [(MASKS, "Pour Lyon.")]
    assert there.tense[0].since == world.today
    assert [one.item.pk for one in there.calm] == [GLOVES]


def test_a_region_reads_its_own_tension_before_that_of_the_country(world):
    world.declare(message="Pour tous.")
    world.declare(region=world.lyon, message="Pour Lyon.")
    for region, message in ((world.lyon, "Pour Lyon."), (world.centre, "Pour tous.")):
        (state,) = situation_of(region.pk, world.today).tense
        assert (state.message, state.name) == (message, "Masques chirurgicaux")


BROWSER = {"headers": {"accept": "text/html"}}


def test_a_banner_says_what_is_in_tension_where_one_works(world):
    world.declare(region=world.lyon)
    world.declare(world.gloves)
    for user, names in (
        (world.operator, "Gants."),
        (make_person("OCE", on=world.far.place), "Masques chirurgicaux et gants."),
        (world.cell, "Masques chirurgicaux (Auvergne-Rhône-Alpes) et gants."),
    ):
        client = Client()
        client.force_login(user)
        assert f"Tension d’approvisionnement\u00a0: {names}" in client.get("/").text
        assert "Tension d’approvisionnement" not in client.get("/cgu/").text
        named = names[:-1].replace(" (Auvergne-Rhône-Alpes)", "")
        assert f">En tension\u00a0: {named}</a>" in client.get("/cgu/").text


def test_where_the_state_does_not_serve_nothing_is_told(world):
    """Overseas declares and does not order: a tension of the country is not theirs."""
    world.declare()
    reunion = make_region("04", "La Réunion", is_overseas=True)
    site = make_establishment(department=make_department("974", "La Réunion", reunion))
    for user in (make_person("OCE", on=site), make_person("ARA", on=reunion)):
        client = Client()
        client.force_login(user)
        text = client.get("/", **BROWSER).text
        assert "Tension d’approvisionnement" not in text
        assert "Contingentés" not in text


def test_who_neither_orders_nor_follows_sees_no_banner(world):
    world.declare()
    client = Client()
    client.force_login(make_person("OIE", on=world.home.place))
    assert "Tension d’approvisionnement" not in client.get("/").text


def test_after_logging_in_one_is_told_once_what_is_limited(world):
    world.declare()
    client = Client()
    client.force_login(world.operator)
    make_quota(world.home, world.masks, granted=1_200, used=300)
    told = (
        "Contingentés, commandé sur autorisé cette semaine\u00a0: Masques chirurgicaux "
        "300/1\u202f200."
    )
    assert told in client.get("/", **BROWSER).text
    assert told not in client.get("/", **BROWSER).text
    client.force_login(world.operator)
    assert told in client.get("/", **BROWSER).text


def test_it_is_told_once_for_each_profile_whichever_way_one_goes(world):
    world.declare()
    world.declare(world.gloves, region=world.lyon)
    user = world.operator
    make_person("OCE", on=world.far.place, user=user)
    first, second = user.profiles.order_by("pk")
    client, told = Client(), []
    client.force_login(user)
    for profile in (first, second, first, second):
        client.post(reverse("profiles:use"), {"profile": profile.pk})
        text = client.get("/", **BROWSER).text
        told.append("Contingentés" in text and "et gants 0/0." in text)
    assert told == [False, True, False, False]
    assert "Contingentés" not in text


def test_an_ars_is_told_of_its_pool(world):
    world.declare()
    make_pool(world.centre, world.masks, granted=20_000, used=500)
    client = Client()
    client.force_login(world.agent)
    text = client.get("/", **BROWSER).text
    assert "au pot commun cette semaine\u00a0: Masques chirurgicaux 500/20\u202f000." in text


def test_who_may_not_order_under_the_profile_in_use_is_told_nothing(world):
    """A place that is no beneficiary, where somebody holds the role all the same."""
    world.declare()
    school = make_establishment(category=make_category("300", "École"))
    client = Client()
    client.force_login(make_person("OCE", on=school))
    assert "Contingentés" not in client.get("/", **BROWSER).text


def test_it_waits_for_the_second_factor_and_is_not_told_to_a_file(world):
    world.declare()
    client = Client()
    client.force_login(world.operator)
    for name in ("mfa_index", "accessibility"):
        assert "Contingentés" not in client.get(reverse(name), **BROWSER).text
    client.get(reverse("orders:difficulties_file", args=["csv"]), **BROWSER).getvalue()
    client.get("/", headers={"accept": "application/json"})
    client.post(reverse("profiles:use"), **BROWSER)
    assert TOLD not in client.session
    assert "Contingentés" in client.get("/", **BROWSER).text


def test_without_tension_nothing_is_told_nor_to_who_does_not_order(world):
    client = Client()
    client.force_login(world.operator)
    assert "Contingentés" not in client.get("/", **BROWSER).text
    world.declare()
    client.force_login(make_person("ARL", on=world.centre))
    assert "Contingentés" not in client.get("/", **BROWSER).text
