"""The real-time view: who sees what, what it says, and files that say the same."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.weeks import current_week, iso_number, shift
from epi_stocks.models import (
    CentralCoverage,
    DeclarationRule,
    InventoryLine,
    SummarisedWeek,
    TensionThreshold,
)
from epi_stocks.summaries.refresh import refresh_due_weeks
from journal.models import Entry
from tests.builders import (
    grant,
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.epi_stocks.truth import expect

pytestmark = pytest.mark.django_db
WEEK = current_week()
FFP2 = 2
GLOVES = 4
VISU = reverse("epi_stocks:visu")


def national(client):
    """A person of the national cell, for the EPI domain."""
    client.force_login(make_person("NAT", domain="epi_stock"))
    return client


def reader(client):
    """A reader of the first region's ARS, for the EPI domain."""
    client.force_login(make_person("ARL", domain="epi_stock", on=make_region()))
    return client


def text(response) -> str:
    """The page as a person reads it: plain spaces."""
    return (
        response.content.decode()
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
        .replace("&nbsp;", " ")
    )


@pytest.fixture
def region():
    """Three sites of a region: in rupture, tense, silent; and one far away."""
    expect(make_category())
    loiret, cher = make_department(), make_department("18", "Cher")
    shortage = make_establishment(department=loiret, name="EHPAD Sans Masque")
    tense = make_establishment(department=cher, name="CH Tendu")
    silent = make_establishment(department=cher, name="IME Silencieux")
    make_line(shortage, WEEK, FFP2, stock=0, daily=10, supply=0)
    make_line(tense, WEEK, FFP2, stock=100, daily=10)
    far = make_establishment(
        department=make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne")),
        name="CH Lointain",
    )
    make_line(far, WEEK, FFP2, stock=7000, daily=10)
    refresh_due_weeks()
    return {"shortage": shortage, "tense": tense, "silent": silent, "far": far}


# What the page says


def test_the_ratio_is_of_sums_and_the_urgent_come_first(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "100 unités ÷ 20 par jour = 5,0 jours" in page
    assert page.index("EHPAD Sans Masque") < page.index("CH Tendu") < page.index("IME Silencieux")
    assert "66 %" in page
    assert '<p class="app-chiffre">1 <small>et 0 critique</small></p>' in page
    assert "2 sur 3" in page


def test_each_figure_says_how_it_was_computed_and_when(client, region):
    page = text(reader(client).get(VISU))
    assert page.count("Comment est-ce calculé ?") == 4
    assert page.count("Mise à jour") == 4
    assert "Chiffres de" in page


def test_on_time_says_until_when(client, region):
    page = text(reader(client).get(VISU))
    friday = WEEK + timedelta(days=4)
    assert f"première saisie avant vendredi {friday:%d/%m} à 18 h" in page


def test_ruptures_are_ordered_by_consumption_then_the_fewest_days(client_for, region):
    bigger = make_establishment(name="CHU Sans Masque")
    critical = make_establishment(name="CH Critique")
    make_line(bigger, WEEK, FFP2, stock=0, daily=400)
    make_line(critical, WEEK, FFP2, stock=20, daily=10)
    page = text(client_for("ARA", on=make_region()).get(VISU))
    names = ["CHU Sans Masque", "EHPAD Sans Masque", "CH Critique", "CH Tendu"]
    assert sorted(names, key=page.index) == names


def test_rows_are_live_before_any_refresh(client_for, region):
    make_line(region["silent"], WEEK, FFP2, stock=3, daily=10)
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "Tous les établissements attendus ont déclaré" in page


def test_a_level_cuts_the_list_and_leaves_the_figures(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(VISU, {"niveau": "rupture"}))
    assert "EHPAD Sans Masque" in page
    assert "CH Tendu" not in page
    assert "100 unités ÷ 20 par jour" in page


def test_the_title_tells_what_the_page_leaves_aside(client_for, region):
    category = make_category("500", "EHPAD")
    query = {"categorie": category.pk, "niveau": "urgence"}
    page = text(client_for("ARA", on=make_region()).get(VISU, query))
    told = f"{category.label}, liste : rupture et critique"
    assert told in page.split("</title>")[0]
    assert told in page.split("<h1")[1].split("</h1>")[0]


def test_a_department_a_category_and_an_entity_cut_everything(client_for, region):
    client = client_for("ARA", on=make_region())
    assert "100 unités ÷ 10 par jour" in text(client.get(VISU, {"departement": "18"}))
    assert "EHPAD Sans Masque" not in text(client.get(VISU, {"departement": "18"}))
    make_category("500", "EHPAD")
    assert "Aucune déclaration à montrer" in text(client.get(VISU, {"categorie": "500"}))
    entity = region["tense"].legal_entity
    page = text(client.get(VISU, {"entite": entity.finess_text}))
    assert "100 unités ÷ 10 par jour" in page
    assert entity.name in page


def test_an_entity_takes_values_as_far_back_as_the_calendar_says(client_for, region):
    client = client_for("ARA", on=make_region())
    make_line(region["silent"], shift(WEEK, -1), FFP2, stock=40, daily=10)
    query = {"entite": region["silent"].legal_entity.finess}
    page = text(client.get(VISU, query))
    assert "40 unités ÷ 10 par jour" in page
    assert "viennent de l’une des 2 semaines précédentes" in page
    DeclarationRule.objects.all().delete()
    DeclarationRule.objects.create(starts_on=shift(WEEK, -20), carried_weeks=0)
    page = text(client.get(VISU, query))
    assert "40 unités ÷ 10 par jour" not in page
    assert "seules les déclarations de la semaine comptent" in page


def test_a_department_without_site_of_the_entity_is_not_counted_as_unknown(client_for, region):
    client = client_for("ARA", on=make_region())
    drawings = text(client.get(VISU, {"entite": region["tense"].legal_entity.finess}))
    drawings = drawings.split('id="visu-dessins"')[1].split('id="visu-courbe')[0]
    assert "Cher" in drawings
    assert "Loiret" not in drawings.split("<details")[1]
    assert "Inconnue" not in drawings


def test_a_site_covered_by_another_is_neither_late_nor_counted_twice(client_for, region):
    CentralCoverage.objects.create(
        declaring=region["tense"], covered=region["silent"], first_week=WEEK
    )
    refresh_due_weeks()
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "IME Silencieux" not in page
    assert "2 sur 2" in page
    assert page.count("déclare aussi pour 1 site") == 1


def test_a_late_site_comes_with_its_ape_or_says_there_is_none(client_for, region):
    client = client_for("ARA", on=make_region())
    assert "aucun APE" in text(client.get(VISU))
    person = make_user(first_name="Sonia", last_name="Petit", email="sonia.petit@ch.example")
    profile = make_profile(person, region["silent"].legal_entity)
    grant(profile, "administration", "administrator")
    page = text(client.get(VISU))
    assert "Sonia Petit (APE)" in page
    assert "sonia.petit@ch.example" in page


def test_thresholds_of_the_week_are_those_of_national_data(client_for, region):
    TensionThreshold.objects.create(item_id=FFP2, shortage=1, critical=4, tense=30, starts_on=WEEK)
    refresh_due_weeks()
    assert "Sous le seuil de 30 jours" in text(client_for("ARA", on=make_region()).get(VISU))


def test_a_department_is_named_only_when_it_has_most_of_the_shortages(client_for, region):
    client = client_for("ARA", on=make_region())
    assert "1 établissement en rupture : Loiret." in text(client.get(VISU))
    make_line(make_establishment(department=region["tense"].department), WEEK, FFP2, stock=0)
    refresh_due_weeks()
    assert "compte 1 des 2" not in text(client.get(VISU))
    make_line(make_establishment(), WEEK, FFP2, stock=0)
    refresh_due_weeks()
    assert "Loiret compte 2 des 3 établissements en rupture." in text(client.get(VISU))


def test_without_any_data_the_page_says_so(client_for):
    page = text(client_for("ARA", on=make_department().region).get(VISU))
    assert "Aucun établissement n’est attendu ici" in page


@pytest.mark.parametrize("name", ["visu", "visu_elsewhere"])
def test_the_weeks_of_a_filter_are_said_with_their_year(client_for, region, name):
    old = shift(WEEK, -60)
    SummarisedWeek.objects.create(week=old, refreshed_at=timezone.now())
    page = text(client_for("ARA", on=make_region()).get(reverse(f"epi_stocks:{name}")))
    assert f"N°{iso_number(old)} ({old:%d/%m/%Y})" in page


# Who sees what


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


# Alerts


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


# Files


def test_the_file_holds_exactly_the_rows_of_the_screen(client_for, region):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=["etablissements", "xlsx"])
    response = client.get(address, {"niveau": "rupture"})
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:4] == ("Établissement", "FINESS", "Catégorie", "Dép.")
    assert [row[0] for row in rows] == ["EHPAD Sans Masque"]
    assert rows[0][1] == region["shortage"].finess
    assert rows[0][6:9] == (0, 10, 0)


def test_every_item_of_the_places_in_view_can_be_listed_and_taken_in_one_file(client_for, region):
    make_line(region["tense"], WEEK, GLOVES, stock=0, daily=30)
    make_line(region["far"], WEEK, GLOVES, stock=0, daily=30)
    client = client_for("ARA", on=make_region())
    page = text(client.get(VISU, {"liste": "equipements"})).split('id="etablissements"')[1]
    assert "3 lignes." in page
    address = reverse("epi_stocks:visu_file", args=["equipements", "csv"])
    assert address in page
    file = client.get(address, {"liste": "equipements"}).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert [(row["Établissement"], row["Équipement"], row["Classe"]) for row in rows] == [
        ("CH Tendu", "Gants", "Rupture"),
        ("EHPAD Sans Masque", "Masques FFP2", "Rupture"),
        ("CH Tendu", "Masques FFP2", "Tendue"),
    ]


def test_a_blank_stays_blank_in_the_file(client_for, region):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=["etablissements", "csv"])
    file = client.get(address).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    tense = next(row for row in rows if row["Établissement"] == "CH Tendu")
    assert (tense["Stock"], tense["Conso / jour"], tense["Appro. prévu"]) == ("100", "10", "")


@pytest.mark.parametrize("table", ["retards", "territoires", "etablissements", "equipements"])
def test_a_file_taken_is_written_in_the_journal(client_for, region, table):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=[table, "csv"])
    client.get(address, {"departement": "18"}).getvalue()
    entry = Entry.objects.get(verb="epi.exported")
    assert entry.by == client.user
    assert entry.details["table"] == table
    assert entry.details["filters"] == "departement=18"


@pytest.mark.parametrize("path", [("etablissements", "pdf"), ("comptes", "csv")])
def test_a_file_that_does_not_exist_is_not_found(client_for, region, path):
    client = client_for("ARA", on=make_region())
    assert client.get(reverse("epi_stocks:visu_file", args=path)).status_code == 404
    assert not Entry.objects.filter(verb="epi.exported").exists()


# An open page, and speed


def test_the_live_parts_come_again_only_when_something_changed(client_for, region):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_live")
    first = client.get(address)
    assert first.status_code == 200
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_line(region["silent"], WEEK, FFP2, stock=3, daily=10)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert b"data-live" in again.content


def test_the_page_takes_as_many_queries_for_three_sites_as_for_thirty(
    client, count_queries, region
):
    client.force_login(make_person("ARA", on=make_region()))
    count_queries(VISU)
    with_three = count_queries(VISU)
    for number in range(27):
        site = make_establishment()
        if number % 2:
            make_line(site, WEEK, FFP2, stock=number, daily=3)
    refresh_due_weeks()
    assert count_queries(VISU) == with_three


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


# Bad input


@pytest.mark.parametrize(
    "query",
    [
        {"semaine": "2026-11-18"},
        {"semaine": "hier"},
        {"equipement": "chapeaux"},
        {"departement": "99"},
        {"categorie": "' OR 1=1"},
        {"entite": "12"},
        {"entite": "\x00"},
        {"niveau": "rouge"},
        {"page": "-3"},
        {"page": "9" * 30},
        {"retards": "٣"},
        {"tri": "stock; DROP TABLE"},
        {"semaine": str(WEEK + timedelta(days=7000))},
    ],
)
def test_what_is_not_a_filter_is_said_and_the_page_still_stands(client_for, region, query):
    assert client_for("ARA", on=make_region()).get(VISU, query).status_code == 200


def test_a_refused_choice_is_said_and_the_field_shows_what_the_page_holds(client_for, region):
    client = client_for("ARA", on=make_region())
    page = text(client.get(VISU, {"equipement": "chapeaux", "semaine": "hier"}))
    assert 'value="masques-ffp2" selected' in page
    assert f'value="{WEEK}" selected' in page
    assert page.count("fr-error-text") == 2
    assert "Visu : Masques FFP2" in page


def test_the_categories_offered_are_those_expected_here_by_their_whole_name(client_for, region):
    here = make_establishment(category=make_category("500", "EHPAD pour personnes âgées"))
    there = make_establishment(
        category=make_category("697", "Groupement"), department=region["far"].department
    )
    expect(here.category, there.category)
    refresh_due_weeks()
    client = client_for("ARA", on=make_region())
    offered = text(client.get(VISU)).split('name="categorie"')[1].split("</select>")[0]
    assert "EHPAD pour personnes âgées" in offered
    assert "Groupement" not in offered
    chosen = text(client.get(VISU, {"categorie": "697"})).split('name="categorie"')[1]
    assert 'value="697" selected' in chosen.split("</select>")[0]


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
    assert "décider" not in page.split("<main")[1].split("Vos outils")[0]


def test_the_national_home_says_how_many_levels_were_crossed(client, region):
    for site in (region["tense"], region["shortage"]):
        make_line(site, shift(WEEK, -1), FFP2, stock=5000, daily=10)
    refresh_due_weeks()
    page = text(national(client).get(reverse("home")))
    assert "seuil franchi" in page
    assert reverse("epi_stocks:visu_alerts") in page


def test_a_late_site_says_when_it_last_declared_and_what_it_used(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "aucune en 12 semaines" in page
    make_line(region["silent"], shift(WEEK, -5), FFP2, stock=10, daily=1234)
    late = text(client_for("ARA", on=make_region()).get(VISU)).split('id="retards"')[1]
    assert "1 234" in late
    assert "(5 semaines)" in late


@pytest.mark.parametrize("name", ["visu", "visu_live", "visu_file"])
def test_a_region_that_no_text_can_hold_does_not_exist(client, name):
    args = ["territoires", "csv"] if name == "visu_file" else []
    address = reverse(f"epi_stocks:{name}", args=args)
    assert national(client).get(address, {"region": "4\0"}).status_code == 404
