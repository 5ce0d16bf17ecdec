"""Alerts, unusual figures, and what the home page says of the view."""

import pytest
from django.urls import reverse

from common.weeks import shift
from epi_stocks.models import InventoryLine
from epi_stocks.summaries.refresh import refresh_due_weeks
from tests.builders import make_department, make_line, make_person, make_region
from tests.epi_stocks.visu import FFP2, VISU, WEEK, national, text

pytestmark = pytest.mark.django_db


def test_an_item_that_crossed_a_level_since_last_week_is_told(client, region):
    for site in (region["tense"], region["shortage"]):
        make_line(site, shift(WEEK, -1), FFP2, stock=5000, daily=10)
    refresh_due_weeks()
    page = text(national(client).get(reverse("epi_stocks:visu_alerts")))
    worse, better = page.split("Passés à une classe moins urgente")
    assert "Centre-Val de Loire" in worse
    assert "Suffisante" in worse
    assert "Critique" in worse
    assert "Bretagne" not in page
    assert "Aucun équipement n’est passé à une classe moins urgente" in better


def test_figures_that_hold_an_unusual_value_say_so_wherever_they_stand(client, region):
    for site in (region["tense"], region["shortage"]):
        make_line(site, shift(WEEK, -1), FFP2, stock=5000, daily=10)
    InventoryLine.objects.filter(week=WEEK, establishment=region["tense"]).update(doubts=1)
    refresh_due_weeks()
    told = "dont 1 à vérifier"
    assert told in text(national(client).get(VISU, {"region": "24"})).split("<details")[0]
    assert told in text(client.get(VISU)).split('id="territoires"')[1]
    assert told in text(client.get(reverse("epi_stocks:visu_alerts")))
    assert f"<small>Suffisante, {told}</small>" in text(client.get(reverse("home")))


# The home page


def test_the_home_of_an_ars_says_what_is_in_rupture_and_how_many_declared(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(reverse("home")))
    assert "Masques FFP2 : 1 établissement en rupture" in page
    assert "2 sur 3" in page
    assert "dernier à la même heure" in page
    assert "1 tâche à décider" in page


@pytest.mark.parametrize("code", ["ARL", "DEP"])
def test_a_reader_has_nothing_to_decide(client, region, code):
    place = make_region() if code == "ARL" else make_department()
    client.force_login(make_person(code, domain="epi_stock", on=place))
    page = text(client.get(reverse("home")))
    assert "Masques FFP2 : 1 établissement en rupture" in page
    assert "1 tâche à voir" in page
    assert "décider" not in page.split("<main")[1].split("Besoin d’un accès")[0]


def test_the_national_home_says_how_many_levels_were_crossed(client, region):
    for site in (region["tense"], region["shortage"]):
        make_line(site, shift(WEEK, -1), FFP2, stock=5000, daily=10)
    refresh_due_weeks()
    page = text(national(client).get(reverse("home")))
    assert "seuil franchi" in page
    assert reverse("epi_stocks:visu_alerts") in page
