"""Who reads which situation, and what of it: right by right, 404 outside one's territory."""

import pytest
from django.urls import reverse

from epi_stocks.models import EpiItem
from establishments.models import Region
from tests.builders import make_department, make_establishment, make_line, make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_quota
from tests.pui.builders import make_followed, make_product, make_reference
from tests.steering.situation.conftest import FFP2, WEEK

pytestmark = pytest.mark.django_db
OWN = reverse("steering:situation")
EQUIPMENT, MEDICINES, ORDERS = "Inventaires EPI reçus", "PUI à jour", "Contingents utilisés"


def of(code):
    return reverse("steering:situation_of", args=[code])


def enter(client, code, **chosen):
    client.force_login(make_person(code, **chosen))
    return client


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("code", "domain", "shown"),
    [
        ("ARA", None, {EQUIPMENT, MEDICINES, ORDERS}),
        ("ARL", "epi_stock", {EQUIPMENT}),
        ("ARL", "dispostock", {MEDICINES}),
        ("ARL", "distrilog", {ORDERS}),
        ("OMD", None, {MEDICINES}),
        ("DEP", None, {EQUIPMENT}),
        ("NAT", "epi_stock", {EQUIPMENT}),
        ("NAT", "dispostock", {MEDICINES}),
        ("NAL", "distrilog", {ORDERS}),
    ],
)
def test_each_right_opens_its_part_and_no_other(client, tense, code, domain, shown):
    response = enter(client, code, domain=domain).get(OWN)
    assert_sound_html(response)
    page = text_of(response)
    assert {one for one in (EQUIPMENT, MEDICINES, ORDERS) if one in page} == shown


@pytest.mark.parametrize("code", ["GF", "OIE", "OCE", "APE", "SUP", "AUD", "TEC"])
def test_the_others_have_no_situation(client, tense, code):
    assert enter(client, code).get(OWN).status_code == 403


def test_an_agency_enters_its_region_and_no_other_nor_the_country(client, tense):
    enter(client, "ARA", on=tense.region)
    assert client.get(of(tense.region.code)).status_code == 200
    assert client.get(of(tense.other.code)).status_code == 404
    assert client.get(of("pays")).status_code == 404
    assert client.get(of("00")).status_code == 404


def test_an_agency_reads_its_departments_alone(client, tense):
    page = text_of(enter(client, "ARA", on=tense.region).get(OWN))
    assert "Loiret" in page
    assert "Ille-et-Vilaine" not in page


def test_a_council_reads_its_department_alone(client, tense):
    page = text_of(enter(client, "DEP", on=tense.cher).get(OWN))
    assert "Cher" in page
    assert "Loiret" not in page
    assert client.get(of(tense.region.code)).status_code == 404


def test_where_there_is_one_department_nothing_is_told_by_department(client, tense):
    alone = text_of(enter(client, "DEP", on=tense.cher).get(OWN))
    several = text_of(enter(client, "ARA", on=tense.region).get(OWN))
    for said in ("Départements, du plus urgent au moins urgent", "couverture, par département"):
        assert said not in alone
        assert said in several


def test_the_country_goes_into_any_region(client, tense):
    enter(client, "NAT", domain="epi_stock")
    assert "Bretagne" in text_of(client.get(OWN))
    assert client.get(OWN, {"territoire": "53"})["Location"] == of("53")
    assert "Ille-et-Vilaine" in text_of(client.get(of("53")))
    assert client.get(of("99")).status_code == 404
    assert client.get(OWN, {"territoire": "é€"}).status_code == 404


def test_the_page_leads_to_each_page_of_its_figures(client, tense):
    page = text_of(enter(client, "ARA", on=tense.region).get(OWN))
    assert "/epi/visu/?region=24" in page or "visu/?region=24" in page
    assert f"{reverse('pui:region')}?region=24" in page
    assert f"{reverse('orders:dashboard')}?region=24" in page
    assert f"{reverse('pui:late')}?region=24" in page


def test_nothing_declared_yet_says_so_and_does_not_break(client, db):
    Region.objects.get_or_create(code="24", name="Centre-Val de Loire")
    response = enter(client, "ARA").get(OWN)
    assert response.status_code == 200


@pytest.mark.parametrize(("code", "domain"), [("ARA", None), ("NAT", "dispostock")])
def test_more_departments_items_and_medicines_cost_no_more_queries(
    client, count_queries, tense, code, domain
):
    enter(client, code, domain=domain)
    client.get(OWN)
    few = count_queries(OWN)
    more = ((4, "28", "Eure-et-Loir"), (5, "36", "Indre"), (6, "37", "Indre-et-Loire"))
    for quota, number, name in more:
        site = make_establishment(department=make_department(number, name))
        for item in EpiItem.objects.top():
            make_line(site, WEEK, item.pk, stock=5, daily=1)
        product = make_product(f"{name} 5 mg", reference=make_reference(name.upper(), "5 mg"))
        make_followed(product, priority=1)
        make_quota(tense.homes["bourges"], EpiItem.objects.get(pk=quota))
    tense.refresh()
    assert count_queries(OWN) == few


def test_the_menu_has_the_situation_for_those_who_read_one(client, tense):
    assert f'href="{OWN}"' in text_of(enter(client, "DEP").get("/"))
    assert f'href="{OWN}"' not in text_of(enter(client, "OIE").get("/"))


def test_the_class_is_told_by_its_word(client, tense):
    page = text_of(enter(client, "ARL", domain="epi_stock").get(OWN))
    assert '<span class="app-classe app-classe--rupture">Rupture</span>' in page
    assert EpiItem.objects.get(pk=FFP2).label in page
