"""The real-time view: what the page says, and what it does of odd addresses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.weeks import iso_number, shift
from epi_stocks.models import CentralCoverage, DeclarationRule, SummarisedWeek, TensionThreshold
from epi_stocks.summaries.refresh import refresh_due_weeks
from establishments.models import EstablishmentCategory
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
from tests.epi_stocks.visu import FFP2, VISU, WEEK, national, reader, text

pytestmark = pytest.mark.django_db


def test_the_ratio_is_of_sums_and_the_urgent_come_first(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "100 unités ÷ 20 par jour = 5,0 jours" in page
    assert page.index("EHPAD Sans Masque") < page.index("CH Tendu") < page.index("IME Silencieux")
    assert "67 %" in page
    assert 'data-indicator="ruptures-epi">1 <small>et 0 critique</small></p>' in page
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


def test_the_bars_are_short_and_their_table_says_whole_names(client, region):
    EstablishmentCategory.objects.filter(pk="355").update(short_label="C.H.")
    response = reader(client).get(VISU)
    figure = response.context["categories"]
    assert ">C.H.</a>" in figure.drawing
    assert figure.table.rows[0][0] == "Centre Hospitalier (C.H.)"
    assert figure.note.endswith("à la plus faible.")


def test_the_categories_beyond_the_bars_are_added_up(client, region):
    for number in range(13):
        site = make_establishment(category=make_category(f"6{number:02d}", f"Sorte {number}"))
        expect(site.category)
        make_line(site, WEEK, FFP2, stock=10, daily=1)
    refresh_due_weeks()
    figure = reader(client).get(VISU).context["categories"]
    assert figure.drawing.count("<li>") == 12
    assert figure.table.rows[-1][0] == "Les 2 autres catégories"
    assert figure.table.rows[-1][3] == "20"


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


def test_a_late_site_says_when_it_last_declared_and_what_it_used(client_for, region):
    page = text(client_for("ARA", on=make_region()).get(VISU))
    assert "aucune en 12 semaines" in page
    make_line(region["silent"], shift(WEEK, -5), FFP2, stock=10, daily=1234)
    late = text(client_for("ARA", on=make_region()).get(VISU)).split('id="retards"')[1]
    assert "1 234" in late
    assert "(5 semaines)" in late


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


@pytest.mark.parametrize("name", ["visu", "visu_live", "visu_file"])
def test_a_region_that_no_text_can_hold_does_not_exist(client, name):
    args = ["territoires", "csv"] if name == "visu_file" else []
    address = reverse(f"epi_stocks:{name}", args=args)
    assert national(client).get(address, {"region": "4\0"}).status_code == 404
