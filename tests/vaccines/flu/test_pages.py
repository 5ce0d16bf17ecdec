"""The pages of a flu season, for a pharmacy, those who follow it, and the national cell."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from journal.models import Entry
from medications.models import MonitoredList
from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.flu.conftest import person
from vaccines import home
from vaccines.models import DeliveredDoses, FluRequest
from vaccines.services.flu import version_of

pytestmark = pytest.mark.django_db
PAGE = "/dispostock/vaccins/grippe/demande/"


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def rows_of(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    answer.close()
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.fixture
def pharmacist(world):
    return logged_in(world.gf)


@pytest.fixture
def agency(world):
    return logged_in(world.agent)


@pytest.fixture
def cell(world):
    return logged_in(world.cell)


def typed(world, residents="", staff="", **more):
    needs = {f"besoin-{world.residents.pk}": residents, f"besoin-{world.staff.pk}": staff}
    sent = {"saison": "2021-2022", "pui": world.orleans.pk, "commentaire": "", "seen": ""}
    return sent | needs | more


def told(world, doses, motif="", seen=""):
    fields = {"livre-doses": doses, "livre-motif": motif, "livre-seen": seen}
    return fields | {"saison": "2020-2021", "pui": world.orleans.pk}


def asked_last_season(world, doses=90):
    return world.ask(world.orleans, doses, campaign=world.past, now=world.before)


def test_last_season_stands_beside_each_field_and_is_never_typed_by_itself(world, pharmacist):
    asked_last_season(world)
    answer = pharmacist.get(PAGE)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Demande à faire" in text
    assert "il reste 9 jours" in text
    assert "Saison 2020-2021 : 90 doses" in text
    assert "Saison 2020-2021 : rien n’a été demandé" in text
    assert 'value="90"' not in text


def test_a_request_ends_with_its_receipt(world, pharmacist):
    asked_last_season(world)
    answer = pharmacist.post(PAGE, typed(world, "1 200", "0", commentaire="Grippe"), follow=True)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Accusé de réception" in text
    assert "Imprimez cette page" in text
    for said in ("1 200", "Total", "Grippe", str(world.gf)):
        assert said in text.replace("\u202f", " ")
    assert "Demande transmise, total 1 200 doses" in text.replace("\u202f", " ")
    assert FluRequest.objects.get(campaign=world.coming).needs.count() == 2


@pytest.mark.parametrize(
    ("residents", "said"),
    [("douze", "un nombre entier"), ("", "Tapez au moins un nombre"), ("-3", "négative")],
)
def test_nothing_typed_is_lost_when_it_is_refused(world, pharmacist, residents, said):
    answer = pharmacist.post(PAGE, typed(world, residents, commentaire="Mon commentaire"))
    text = text_of(answer)
    assert answer.status_code == 422
    assert said in text
    assert f'value="{residents}"' in text or not residents
    assert "Mon commentaire" in text
    assert not FluRequest.objects.exists()


def test_of_two_people_the_second_reads_both_values_then_decides(world, pharmacist):
    colleague = make_person("GF", on=world.orleans.establishment)
    world.ask(world.orleans, 150, comment="Vu en CME", by=colleague)
    answer = pharmacist.post(PAGE, typed(world, "120", "7"))
    text = text_of(answer)
    assert answer.status_code == 409
    assert f"{colleague} vient d’enregistrer" in text
    assert f"Enregistré par {colleague} : 150." in text
    assert f"Enregistré par {colleague} : vide." in text
    assert 'value="120"' in text
    row = FluRequest.objects.get()
    again = typed(world, "120", "7", seen=answer.context["form"]["seen"].value())
    assert pharmacist.post(PAGE, again).status_code == 302
    assert dict(row.needs.values_list("group", "doses")) == {
        world.residents.pk: 120,
        world.staff.pk: 7,
    }


def test_once_closed_the_page_says_whom_to_call_and_takes_nothing(world, pharmacist):
    agency = world.agent.active_profile.body
    agency.mailbox = "dispostock@ars.example"
    agency.save()
    world.close()
    answer = pharmacist.get(f"{PAGE}?saison=2021-2022")
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Les demandes sont closes depuis le" in text
    assert "Demande pas faite" in text
    assert "dispostock@ars.example" in text
    assert "Transmettre la demande" not in text
    refused = pharmacist.post(PAGE, typed(world, "120"))
    assert refused.status_code == 422
    assert not FluRequest.objects.exists()


def test_with_several_pharmacies_one_is_chosen(world):
    other = make_pui("PUI des Acacias", on=world.orleans.establishment)
    client = logged_in(world.gf)
    answer = client.get(PAGE)
    assert_sound_html(answer)
    assert "Pour quelle PUI" in text_of(answer)
    assert "PUI des Acacias" in text_of(client.get(f"{PAGE}?pui={other.pk}"))
    assert client.get(f"{PAGE}?pui={world.lyon.pk}").status_code == 404


def test_a_pharmacy_out_of_reach_does_not_exist(world, pharmacist, agency):
    assert pharmacist.get(reverse("vaccines:flu_pui", args=[world.lyon.pk])).status_code == 404
    assert pharmacist.post(PAGE, typed(world, "1", pui=world.lyon.pk)).status_code == 404
    delivered = reverse("vaccines:flu_delivered")
    forged = told(world, "1") | {"pui": world.lyon.pk}
    assert pharmacist.post(delivered, forged).status_code == 404
    assert agency.post(delivered, told(world, "1")).status_code == 403
    assert agency.post(PAGE, typed(world, "1")).status_code == 403
    assert pharmacist.get(f"{PAGE}?saison=1999-2000").status_code == 404
    assert not FluRequest.objects.exists()
    assert not DeliveredDoses.objects.exists()


def test_what_was_delivered_is_typed_on_the_same_page_and_shows_its_history(world, pharmacist):
    address = reverse("vaccines:flu_delivered")
    answer = pharmacist.post(address, told(world, "300"), follow=True)
    assert_sound_html(answer)
    assert "Qui a saisi quoi, et quand" in text_of(answer)
    seen = version_of(DeliveredDoses.objects.get())
    refused = pharmacist.post(address, told(world, "200", seen=seen))
    assert refused.status_code == 422
    assert "dites pourquoi dans le motif" in text_of(refused)
    assert pharmacist.post(address, told(world, "200", "Erreur", seen)).status_code == 302
    stale = pharmacist.post(address, told(world, "250", "", seen))
    assert stale.status_code == 409
    assert "Enregistré par" in text_of(stale)
    assert 'value="250"' in text_of(stale)


def test_the_page_of_the_stock_leads_to_what_was_delivered(world, pharmacist):
    slug = MonitoredList.Slug.FLU
    stock = text_of(pharmacist.get(reverse("pui:transmission", kwargs={"slug": slug})))
    link = f"{PAGE}?saison=en-cours&amp;pui={world.orleans.pk}#livre"
    assert link in stock
    page = pharmacist.get(f"{PAGE}?saison=en-cours&pui={world.orleans.pk}")
    assert page.context["campaign"] == world.past
    assert 'name="livre-doses"' in text_of(page)
    other = text_of(pharmacist.get(PAGE))
    assert "La saison 2020-2021 est en cours" in other


def test_without_any_season_the_page_says_who_opens_one(world, pharmacist, cell):
    world.past.delete()
    world.coming.delete()
    assert "La cellule nationale ouvre" in text_of(pharmacist.get(PAGE))
    assert "Ouvrir une campagne" in text_of(cell.get(PAGE))


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
    assert (orleans["Besoin (doses)"], orleans["Besoin 2020-2021"]) == ("150", "90")
    assert (blois["Besoin (doses)"], blois["Demande"]) == ("", "À faire")
    [_, *rows] = rows_of(agency.get(f"{address}?saison=2020-2021&demande=faite"))
    assert [(row["PUI"], row["Livré (doses)"], row["Part du besoin"]) for row in rows] == [
        ("PUI de Orléans", "60", "67 %".replace(" ", "\u00a0"))
    ]
    assert Entry.objects.filter(verb="vaccines.flu_exported").count() == 2
    workbook = agency.get(reverse("vaccines:flu_file", args=["xlsx"]))
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    workbook.close()
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
    text = text_of(agency.get(f"{PAGE}?departement=45"))
    assert "20,0 j" in text
    assert "PUI de Blois" not in text


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
