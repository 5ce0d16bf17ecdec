"""The watch panel: the figures of EPI-Stocks by their own definitions, within what one follows."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common.cover import Level
from common.weeks import current_week, shift
from epi_stocks.models import (
    ExpectedCategory,
    RegionSummary,
    SummarisedWeek,
    TensionThreshold,
)
from epi_stocks.summaries.refresh import refresh_weeks
from journal.models import Entry
from orders.models import Allocation
from orders.services.difficulties import Reported, close_difficulty, report_difficulty
from orders.tension.tables import watch_table
from orders.tension.watching import read_watch
from tests.builders import make_line, make_person
from tests.orders.builders import GLOVES, MASKS, make_item, make_quota

PAGE = reverse("orders:watch")
WEEK = current_week()
APRONS = 6


@pytest.fixture
def declared(world):
    """6 days at the home, 30 days in the other region; last week, 9 days at the home."""
    ExpectedCategory.objects.get_or_create(category_id="500", starts_on="2020-01-01")
    make_line(world.home.place, shift(WEEK, -1), MASKS, stock=90, daily=10)
    make_line(world.home.place, WEEK, MASKS, stock=60, daily=10)
    make_line(world.far.place, WEEK, MASKS, stock=300, daily=10)
    refresh_weeks([shift(WEEK, -1), WEEK])
    return world


def watched(user, item, today):
    found = read_watch(user, today)
    return next(one for one in found.items if one.item.pk == item)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_country_reads_the_ratio_of_sums_and_the_regions_under_the_threshold(declared):
    masks = watched(declared.cell, MASKS, declared.today)
    assert str(masks.figures.days) == "18.0"  # 360 ÷ 20
    assert masks.level == Level.TENSE
    assert [(one.name, str(one.days)) for one in masks.below] == [("Centre-Val de Loire", "6.0")]
    assert masks.figures.under_critical == 1


def test_an_ars_reads_its_region_alone(declared):
    found = read_watch(declared.agent, declared.today)
    masks = next(one for one in found.items if one.item.pk == MASKS)
    assert found.region == declared.centre
    assert str(masks.figures.days) == "6.0"
    assert str(masks.before.days) == "9.0"
    assert masks.regions == []
    assert (found.reporting.declared, found.reporting.expected) == (1, 1)


def test_twelve_weeks_are_drawn_the_unknown_ones_too(declared):
    masks = watched(declared.agent, MASKS, declared.today)
    known = [str(one.days) for _, one in masks.trend if one.days is not None]
    assert (len(masks.trend), known) == (12, ["9.0", "6.0"])
    assert "de 9,0 à 6,0 jours" in client_of(declared.agent).get(PAGE).text


def test_an_equipment_that_nobody_declared_is_unknown_not_zero(declared):
    gloves = watched(declared.cell, GLOVES, declared.today)
    assert (gloves.figures.days, gloves.cover_text) == (
        None,
        "aucune déclaration récente",
    )


def test_a_stock_without_consumption_is_told_apart_from_nothing_declared(declared):
    make_line(declared.home.place, WEEK, GLOVES, stock=60, daily=None)
    refresh_weeks([WEEK])
    gloves = watched(declared.cell, GLOVES, declared.today)
    assert gloves.cover_text == "inconnue, sans consommation déclarée"


def test_what_was_known_last_week_stands_below_what_is_unknown_today(declared):
    SummarisedWeek.objects.filter(week=WEEK).delete()
    RegionSummary.objects.filter(week=WEEK).delete()
    page = client_of(declared.cell).get(PAGE)
    masks = next(cells for cells in page.context["lines"] if "Masques chir" in str(cells[0][1]))
    assert "aucune déclaration récente" in str(masks[2][1])
    assert "semaine passée\u00a0: 9,0\u00a0j" in str(masks[2][1])


def test_who_has_not_declared_yet_counts_with_the_week_before_and_it_is_said(declared):
    make_line(declared.home.place, shift(WEEK, -1), GLOVES, stock=90, daily=10)
    refresh_weeks([WEEK])
    page = client_of(declared.cell).get(reverse("orders:watched_item", args=[GLOVES]))
    assert "1 établissement sur 1 compté d’après une semaine précédente" in page.text
    assert "9,0\u00a0j" in page.text


def test_the_threshold_is_named_while_it_is_the_same_for_all(declared):
    assert read_watch(declared.cell, declared.today).critical_words == "Sous 7\u00a0jours"
    TensionThreshold.objects.create(
        item_id=MASKS, starts_on="2020-01-01", shortage=1, critical=5, tense=14
    )
    assert read_watch(declared.cell, declared.today).critical_words == "Sous le seuil critique"


def test_open_difficulties_are_counted_with_those_of_the_week(declared):
    for ago in (6, 7):
        day = declared.today - timedelta(days=ago)
        told = Reported(declared.masks, f"Il y a {ago} jours.", day)
        report_difficulty(by=declared.operator, typed=told)
    masks = watched(declared.cell, MASKS, declared.today)
    assert (masks.difficulties, masks.difficulties_of_late) == (2, 1)
    assert "dont 1 signalée depuis 7\u00a0jours" in client_of(declared.cell).get(PAGE).text


def test_difficulties_and_quotas_are_those_within_reach(declared):
    make_quota(declared.home, declared.masks, granted=600, used=150)
    make_quota(declared.far, declared.masks, granted=400, used=100,
               allocation=Allocation.objects.get())  # fmt: skip
    told = Reported(declared.masks, "Introuvables.", declared.today)
    report_difficulty(by=declared.operator, typed=told)
    here, country = (
        watched(user, MASKS, declared.today) for user in (declared.agent, declared.cell)
    )
    assert (here.quota_used, here.quota_granted) == (150, 600)
    assert (country.quota_used, country.quota_granted) == (250, 1_000)
    assert (here.difficulties, country.difficulties) == (1, 1)
    elsewhere = watched(make_person("ARA", on=declared.lyon), MASKS, declared.today)
    assert elsewhere.difficulties == 0


def test_the_act_stands_beside_each_equipment_for_the_cell_alone(declared):
    tension = declared.declare()
    text = client_of(declared.cell).get(PAGE).text
    assert reverse("orders:tension_end", args=[tension.pk]) in text
    assert f"{reverse('orders:tension_declare')}?equipement={GLOVES}" in text
    reader = client_of(declared.agent).get(PAGE).text
    assert "depuis le" in reader
    assert reverse("orders:tension_declare") not in reader


def test_a_tension_of_another_region_is_not_shown_to_an_ars(declared):
    declared.declare(region=declared.lyon)
    assert watched(declared.agent, MASKS, declared.today).tensions == []
    assert len(watched(declared.cell, MASKS, declared.today).tensions) == 1


def test_the_file_is_the_table(declared):
    response = client_of(declared.cell).get(reverse("orders:watch_file", args=["csv"]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))
    table = watch_table(read_watch(declared.cell, declared.today), may_declare=False)
    assert rows[0] == table.headers
    masks = dict(zip(rows[0], next(row for row in rows if row[0] == "Masques chirurgicaux"),
                     strict=True))  # fmt: skip
    assert masks["Couverture (jours)"] == "18,0"
    assert (masks["Contingent commandé"], masks["Contingent autorisé"]) == ("0", "0")
    assert masks["Régions sous le seuil"] == "Centre-Val de Loire"
    assert Entry.objects.filter(verb="orders.watch_exported").count() == 1


def test_one_equipment_from_near(declared):
    declared.declare(message="Réservez-les.")
    page = client_of(declared.cell).get(reverse("orders:watched_item", args=[MASKS]))
    assert "Centre-Val de Loire" in page.text
    assert "Réservez-les." in page.text
    assert "Voir les valeurs de la courbe" in page.text
    assert client_of(declared.cell).get(PAGE + "equipements/401/").status_code == 404


def test_the_panel_takes_as_many_queries_whatever_there_is(declared, client, count_queries):
    client.force_login(declared.cell)
    count_queries(PAGE)
    empty = count_queries(PAGE)
    for number in range(3):
        declared.declare(
            declared.gloves, starts_on=declared.today + timedelta(days=9 * number),
            ends_on=declared.today + timedelta(days=9 * number + 8),
        )  # fmt: skip
        told = Reported(declared.masks, f"Difficulté {number}", declared.today)
        report_difficulty(by=declared.operator, typed=told)
    declared.declare(region=declared.lyon)
    assert count_queries(PAGE) == empty


def test_the_panel_watches_what_the_state_has_and_what_is_in_tension(declared):
    items = [one.item.pk for one in read_watch(declared.cell, declared.today).items]
    assert items == [MASKS, GLOVES]
    declared.declare(make_item(APRONS))
    items = [one.item.pk for one in read_watch(declared.cell, declared.today).items]
    assert items == [MASKS, GLOVES, APRONS]


def test_a_difficulty_that_is_closed_counts_no_more(declared):
    told = Reported(declared.masks, "Introuvables.", declared.today)
    row = report_difficulty(by=declared.operator, typed=told)
    close_difficulty(by=declared.agent, difficulty=row, closed_on=declared.today, outcome="Livrés.")
    assert watched(declared.cell, MASKS, declared.today).difficulties == 0


def test_tensions_of_regions_alone_are_lifted_in_their_list(declared):
    tension = declared.declare(region=declared.lyon)
    text = client_of(declared.cell).get(PAGE).text
    assert reverse("orders:tension_end", args=[tension.pk]) not in text
    assert f'href="{reverse("orders:tensions")}">Voir' in text


def test_an_ars_reads_of_an_equipment_its_own_tensions(declared):
    declared.declare(region=declared.lyon, message="Pour Lyon.")
    address = reverse("orders:watched_item", args=[MASKS])
    assert "Pour Lyon." not in client_of(declared.agent).get(address).text
    assert "Pour Lyon." in client_of(declared.cell).get(address).text


def test_the_calculation_is_offered_to_who_may_open_it(declared):
    address = reverse("orders:watched_item", args=[MASKS])
    asked = "Comment est-ce calculé"
    assert asked in client_of(declared.agent).get(address).text
    reader = make_person("NAL", domain="distrilog")
    assert asked not in client_of(reader).get(address).text
