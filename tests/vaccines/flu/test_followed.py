"""A flu season for those who follow a territory, and on the home page of each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from journal.models import Entry
from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.flu.conftest import person
from tests.vaccines.flu.pages import PAGE, asked_last_season, logged_in, rows_of, text_of
from vaccines import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(world):
    return logged_in(world.agent)


@pytest.fixture
def cell(world):
    return logged_in(world.cell)


def test_an_agency_follows_its_region_alone(world, agency):
    asked_last_season(world)
    world.ask(world.orleans, 120, 30)
    world.ask(world.lyon, 999)
    answer = agency.get(PAGE)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "PUI de Orléans" in text
    assert "PUI de Blois" in text
    assert "PUI de Lyon" not in text
    assert "1 sur 2" in text
    assert "999" not in text


def test_the_file_is_the_table_of_the_screen(world, agency):
    asked_last_season(world)
    world.ask(world.orleans, 120, 30)
    world.tell(world.orleans, 60)
    address = reverse("vaccines:flu_file", args=["csv"])
    whole, first, second = rows_of(agency.get(f"{address}?saison=2021-2022&vue=publics"))
    assert whole["PUI"] == "Ensemble, 2\u00a0PUI"
    found = {row["PUI"]: row for row in (first, second)}
    orleans, blois = found["PUI de Orléans"], found["PUI de Blois"]
    assert (orleans["Résidents"], orleans["Professionnels"]) == ("120", "30")
    assert (orleans["Besoin"], orleans["Besoin 2020-2021"]) == ("150", "90")
    assert (blois["Besoin"], blois["Demande"]) == ("", "À faire")
    [_, *rows] = rows_of(agency.get(f"{address}?saison=2020-2021&demande=faite"))
    assert [(row["PUI"], row["Livré"], row["Part du besoin"]) for row in rows] == [
        ("PUI de Orléans", "60", "67 %".replace(" ", "\u00a0"))
    ]
    assert Entry.objects.filter(verb="vaccines.flu_exported").count() == 2
    workbook = agency.get(reverse("vaccines:flu_file", args=["xlsx"]))
    assert b"".join(workbook).startswith(b"PK")
    assert agency.get(reverse("vaccines:flu_file", args=["pdf"])).status_code == 404


def test_those_that_did_not_ask_are_listed_with_whom_to_call(world, agency):
    world.ask(world.orleans, 120)
    world.blois.contact_name, world.blois.contact_phone = "Secrétariat", "02 54 00 00 00"
    world.blois.save()
    world.close()
    answer = agency.get(f"{PAGE}?saison=2021-2022&demande=absente")
    text = text_of(answer)
    assert_sound_html(answer)
    assert "PUI de Blois" in text
    assert "PUI de Orléans" not in text
    assert "En retard" in text
    assert "02 54 00 00 00" in text
    assert "Part du besoin" not in [column.header for column in answer.context["table"].columns]


def test_filters_are_cleared_only_where_something_is_filtered(world, agency):
    assert "Effacer les filtres" not in text_of(agency.get(f"{PAGE}?saison=2021-2022"))
    assert "Effacer les filtres" in text_of(agency.get(f"{PAGE}?saison=2021-2022&demande=faite"))


def test_a_pharmacy_that_opened_after_the_deadline_is_not_late(world, agency):
    world.close()
    world.coming.needs_due_at = timezone.now() - timedelta(days=5)
    world.coming.save()
    world.blois.opened_on = timezone.localdate()
    world.blois.save()
    answer = agency.get(f"{PAGE}?saison=2021-2022&demande=absente")
    assert "PUI de Orléans" in text_of(answer)
    assert "PUI de Blois" not in text_of(answer)


def test_the_stock_declared_on_the_list_stands_beside_what_was_delivered(world, agency):
    world.declare(world.orleans, 200, 10)
    text = text_of(agency.get(f"{PAGE}?saison=2020-2021&departement=45"))
    assert "20,0 j" in text
    assert "PUI de Blois" not in text


def test_the_stock_of_today_is_not_shown_as_that_of_another_season(world, agency):
    world.declare(world.orleans, 200, 10)
    text = text_of(agency.get(f"{PAGE}?saison=2021-2022"))
    assert "20,0 j" not in text
    assert "Stock déclaré" not in text
    world.past.ends_on = timezone.localdate() - timedelta(days=1)
    world.past.save()
    assert "20,0 j" not in text_of(agency.get(f"{PAGE}?saison=2020-2021"))


def test_the_day_of_a_number_and_what_was_commented_are_told(world, agency):
    world.ask(world.orleans, 120, comment="Un EHPAD de plus")
    world.tell(world.orleans, 60)
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert "avec un commentaire" in text_of(agency.get(f"{PAGE}?saison=2021-2022"))
    assert f"le {today}" in text_of(agency.get(f"{PAGE}?saison=2020-2021"))
    address = reverse("vaccines:flu_file", args=["csv"])
    rows = {row["PUI"]: row for row in rows_of(agency.get(f"{address}?saison=2021-2022"))}
    orleans = rows["PUI de Orléans"]
    assert orleans["Commentaire"] == "Un EHPAD de plus"
    assert orleans["Région"] == "Centre-Val de Loire"
    rows = {row["PUI"]: row for row in rows_of(agency.get(f"{address}?saison=2020-2021"))}
    told = (rows["PUI de Orléans"]["Livré, saisi le"], rows["PUI de Blois"]["Livré"])
    assert told == (timezone.localdate().isoformat(), "")


def test_the_country_reads_by_department_and_by_region(world, cell):
    world.ask(world.orleans, 120)
    world.ask(world.lyon, 1000)
    regions = cell.get(f"{PAGE}?lignes=region")
    assert_sound_html(regions)
    assert "Auvergne-Rhône-Alpes" in text_of(regions)
    assert "1 120" in text_of(regions).replace("\u202f", " ")
    departments = text_of(cell.get(f"{PAGE}?lignes=departement"))
    assert "Loiret" in departments
    assert "Rhône" in departments
    only = text_of(cell.get(f"{PAGE}?region=84"))
    assert "PUI de Lyon" in only
    assert "PUI de Orléans" not in only


@pytest.mark.parametrize(
    "query",
    ["", "?demande=absente", "?vue=publics", "?lignes=departement", "?demande=faite&vue=publics"],
)
def test_the_page_asks_as_much_for_many_pharmacies_as_for_one(world, client, count_queries, query):
    client.force_login(world.agent)
    site = make_establishment(department=world.orleans.establishment.department)
    world.ask(world.orleans, 1)
    count_queries(f"{PAGE}{query}")
    few = count_queries(f"{PAGE}{query}")
    for number in range(8):
        pui = make_pui(f"PUI {number}", on=site)
        if number % 2:
            world.ask(pui, number, number, by=make_person("GF", on=site))
    world.ask(world.blois, 5)
    world.declare(world.blois, 10)
    assert count_queries(f"{PAGE}{query}") == few


def test_a_reader_an_omedit_and_an_administrator_follow_without_a_form(world):
    for code, on in (("ARL", make_region()), ("OMD", make_region()), ("NAL", None)):
        answer = logged_in(person(code, on)).get(PAGE)
        assert "PUI de Orléans" in text_of(answer), code
    ape = logged_in(make_person("APE", on=world.orleans.establishment))
    answer = ape.get(PAGE)
    assert "PUI de Orléans" in text_of(answer)
    assert "PUI de Blois" not in text_of(answer)
    assert "Transmettre" not in text_of(answer)


def test_the_home_of_a_pharmacy_says_until_when(world):
    [card] = home.cards(world.gf)
    assert card.kind == Kind.TO_DO
    assert card.title.startswith("Demande de vaccins grippe à faire avant le")
    world.ask(world.orleans, 1)
    assert home.cards(world.gf) == []


def test_the_home_of_a_late_pharmacy_says_whom_to_call(world):
    world.past.delete()
    world.close()
    [card] = home.cards(world.gf)
    assert (card.kind, card.action_label) == (Kind.LATE, "Voir qui appeler")
    world.coming.needs_due_at = timezone.now() - timedelta(days=90)
    world.coming.needs_open_on = timezone.localdate() - timedelta(days=100)
    world.coming.save()
    assert home.cards(world.gf) == []


def test_the_home_of_an_agency_counts_those_that_did_not_ask(world):
    [card] = home.cards(world.agent)
    assert card.title == "Vaccins grippe\u00a0: 2\u00a0PUI n’ont pas fait leur demande"
    world.ask(world.orleans, 1)
    [card] = home.cards(world.agent)
    assert card.title == "Vaccins grippe\u00a0: 1\u00a0PUI n’a pas fait sa demande"
    world.ask(world.blois, 1)
    assert home.cards(world.agent) == []
    assert home.cards(make_person("OIE")) == []
