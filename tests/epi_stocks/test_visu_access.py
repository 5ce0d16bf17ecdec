"""The real-time view: who sees what, down to one establishment."""

import pytest
from django.urls import reverse

from common.weeks import shift
from epi_stocks.models import CentralCoverage
from epi_stocks.summaries.refresh import refresh_due_weeks
from journal.models import Entry
from tests.builders import make_department, make_establishment, make_line, make_region
from tests.epi_stocks.visu import FFP2, VISU, WEEK, national, reader, text
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


def test_an_ars_does_not_reach_the_establishments_of_another_region(client_for, region):
    client = client_for("ARA", on=make_region())
    assert client.get(VISU, {"region": "53"}).status_code == 404
    assert client.get(VISU, {"region": "99"}).status_code == 404
    address = reverse("epi_stocks:visu_establishment", args=[region["far"].finess])
    assert client.get(address).status_code == 404
    file = reverse("epi_stocks:visu_file", args=["etablissements", "csv"])
    assert client.get(file, {"region": "53"}).status_code == 404
    assert "CH Lointain" not in text(client.get(VISU))


def test_an_ars_sees_other_regions_as_totals_by_department(client, region):
    page = text(reader(client).get(reverse("epi_stocks:visu_elsewhere")))
    assert "Ille-et-Vilaine" in page
    assert "7 000" in page
    assert "CH Lointain" not in page
    assert "Loiret" not in page


def test_other_regions_come_added_up_with_their_departments_folded_inside(client, region):
    second = make_department("29", "Finistère", region=region["far"].region)
    site = make_establishment(department=second)
    make_line(site, WEEK, FFP2, stock=0, daily=10)
    make_department("76", "Seine-Maritime", region=make_region("28", "Normandie"))
    refresh_due_weeks()
    response = reader(client).get(reverse("epi_stocks:visu_elsewhere"))
    assert_sound_html(response)
    (brittany, _, inside), (normandy, *_) = response.context["regions"]
    assert (brittany.figures.stock, brittany.figures.daily) == (7000, 20)
    assert [place.name for place in inside.rows] == ["Finistère", "Ille-et-Vilaine"]
    assert brittany.counts_text.startswith("2\u00a0départements, 1\u00a0établissement en rupture")
    assert normandy.counts_text == "1\u00a0département"
    assert "2 régions, de la plus urgente à la moins urgente" in text(response)
    assert 'data-label="Région"' not in response.text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_totals_of_other_regions_are_taken_as_a_workbook_or_as_text(client, region, kind):
    address = reverse("epi_stocks:visu_elsewhere")
    assert f"fichier={kind}" in text(reader(client).get(address))
    response = client.get(address, {"fichier": kind})
    assert f"autres-regions-{WEEK}.{kind}" in response["Content-Disposition"]
    data = response.getvalue()
    assert kind == "xlsx" or "Ille-et-Vilaine;35;Bretagne" in data.decode("utf-8-sig")
    assert Entry.objects.get(verb="epi.exported").details["format"] == kind


def test_a_department_sees_its_department_and_nothing_else(client_for, region):
    client = client_for("DEP", on=make_department("18", "Cher"))
    page = text(client.get(VISU))
    assert "CH Tendu" in page
    assert "EHPAD Sans Masque" not in page
    refused = client.get(reverse("epi_stocks:visu_elsewhere"))
    assert refused.status_code == 403
    assert "réservée aux ARS" in text(refused)
    elsewhere = reverse("epi_stocks:visu_establishment", args=[region["shortage"].finess])
    assert client.get(elsewhere).status_code == 404
    entity = region["shortage"].legal_entity.finess
    refused = text(client.get(VISU, {"entite": entity}))
    assert "Aucune entité juridique de ce territoire" in refused


def test_the_national_cell_sees_regions_then_one(client, region):
    client = national(client)
    page = text(client.get(VISU))
    assert "Bretagne" in page
    assert "CH Tendu" not in page
    assert "CH Tendu" in text(client.get(VISU, {"region": "24"}))
    assert client.get(VISU, {"region": "99"}).status_code == 404
    assert client.get(VISU, {"region": "sans-ars"}).status_code == 200


@pytest.mark.parametrize("code", ["OIE", "APE", "OMD", "SUP"])
def test_others_are_refused_with_a_sentence(client_for, code):
    response = client_for(code).get(VISU)
    assert response.status_code == 403
    assert "consulter la visualisation" in text(response)


def test_alerts_are_for_those_who_watch_over_the_country(client, client_for, region):
    address = reverse("epi_stocks:visu_alerts")
    refused = client_for("ARA", on=make_region()).get(address)
    assert refused.status_code == 403
    assert "réservées à la cellule nationale" in text(refused)
    assert national(client).get(address).status_code == 200


# An establishment


def test_an_establishment_shows_its_weeks_and_its_items(client_for, region):
    site = region["shortage"]
    make_line(site, shift(WEEK, -4), FFP2, stock=500, daily=10)
    page = text(
        client_for("ARA", on=make_region()).get(
            reverse("epi_stocks:visu_establishment", args=[site.finess])
        )
    )
    assert "50,0 j" in page
    assert "Rupture" in page
    assert reverse("epi_stocks:inventory", args=[site.finess, WEEK]) in page


def test_a_covered_establishment_says_who_declares_for_it(client_for, region):
    CentralCoverage.objects.create(
        declaring=region["tense"], covered=region["silent"], first_week=WEEK
    )
    address = reverse("epi_stocks:visu_establishment", args=[region["silent"].finess])
    assert "déclaré par CH Tendu" in text(client_for("ARA", on=make_region()).get(address))
