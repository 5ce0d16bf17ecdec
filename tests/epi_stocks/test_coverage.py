"""Centralised stock: who declares for whom, never twice, whatever happens at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, InventoryLine
from epi_stocks.services.coverage import (
    CoverageError,
    coverage_of,
    main_site_id,
    set_covered_sites,
)
from epi_stocks.services.reference import load_expected_categories
from epi_stocks.services.saving import CellChange, SavingError, save_cells
from epi_stocks.summaries.lines import lines_parameters, lines_sql
from journal.models import Entry
from tests.builders import make_category, make_establishment, make_line, make_person
from tests.locks import before_another

pytestmark = pytest.mark.django_db
WEEK = current_week()


@pytest.fixture
def sites():
    main = make_establishment(name="CH Principal", is_main=True)
    load_expected_categories()
    return main, *(make_establishment(main.legal_entity, name=f"Site {n}") for n in (1, 2))


@pytest.fixture
def person(sites):
    return make_person("OIE", on=sites[0].legal_entity)


def cover(person, main, *covered, week=WEEK, seen=None):
    """Tick these sites on a page that showed ``seen`` (what is in force unless said)."""
    in_force = CentralCoverage.objects.on(week).filter(declaring=main)
    shown = in_force.values_list("covered", flat=True) if seen is None else [one.pk for one in seen]
    return set_covered_sites(
        by=person,
        declaring=main,
        ticked_ids=[site.pk for site in covered],
        seen_ids=shown,
        week=week,
    )


def test_the_entity_says_how_many_of_its_sites_are_covered(person, sites):
    main, first, second = sites
    assert coverage_of(main.legal_entity_id, WEEK).sentence == "0 site sur 3 couvert"
    assert cover(person, main, first).coverage.sentence == "1 site sur 3 couvert"
    make_line(main, WEEK, 1, stock=0)
    assert cover(person, main, first, second).coverage.sentence == "3 sites sur 3 couverts"
    assert coverage_of(main.legal_entity_id, WEEK).is_complete


def test_covering_is_journaled_once_and_saying_it_again_is_nothing(person, sites):
    main, first, _ = sites
    cover(person, main, first)
    cover(person, main, first)
    entry = Entry.objects.get(verb="epi_stocks.coverage_set")
    assert (entry.by, entry.finess, entry.details["added"]) == (person, main.finess, [first.finess])


def test_a_site_no_longer_ticked_keeps_its_earlier_weeks(person, sites):
    main, first, _ = sites
    cover(person, main, first, week=shift(WEEK, -2))
    cover(person, main, week=WEEK)
    coverage = CentralCoverage.objects.get()
    assert (coverage.first_week, coverage.last_week) == (shift(WEEK, -2), shift(WEEK, -1))
    cover(person, main, first, week=WEEK)
    assert CentralCoverage.objects.on(WEEK).count() == 1


def test_an_older_page_changes_only_what_its_person_ticked(person, sites):
    main, first, second = sites
    cover(person, main, first, seen=[])
    result = cover(person, main, second, seen=[])
    assert result.changed_meanwhile == ["Site 1"]
    assert set(CentralCoverage.objects.on(WEEK).values_list("covered", flat=True)) == {
        first.pk,
        second.pk,
    }
    assert cover(person, main, first, seen=[first]).changed_meanwhile == ["Site 2"]
    assert cover(person, main, seen=[first, second]).changed_meanwhile == []
    assert not CentralCoverage.objects.exists()


def test_two_people_who_want_the_same_are_told_nothing(person, sites):
    main, first, _ = sites
    cover(person, main, first, seen=[])
    assert cover(person, main, first, seen=[]).changed_meanwhile == []
    assert CentralCoverage.objects.count() == 1


def test_a_coverage_taken_back_the_same_week_leaves_nothing(person, sites):
    main, first, _ = sites
    cover(person, main, first)
    cover(person, main)
    assert not CentralCoverage.objects.exists()


def test_only_the_main_site_declares_for_others(person, sites):
    _main, first, second = sites
    with pytest.raises(CoverageError, match="établissement principal"):
        cover(person, first, second)


def test_without_a_marked_main_site_the_hospital_then_the_oldest_is_proposed():
    care = make_category("500", "EHPAD", aggregate_code="4401")
    hospital = make_category("355", aggregate_code="1102")
    hospital.aggregate_code = "1102"
    hospital.save()
    home = make_establishment(category=care, opened_on="1950-01-01")
    young = make_establishment(home.legal_entity, category=hospital, opened_on="2000-01-01")
    old = make_establishment(home.legal_entity, category=hospital, opened_on="1980-01-01")
    assert main_site_id(home.legal_entity_id) == old.pk
    young.is_main = True
    young.save()
    assert main_site_id(home.legal_entity_id) == young.pk


def test_a_site_with_its_own_declaration_cannot_be_covered(person, sites):
    main, first, _ = sites
    make_line(first, WEEK, 1, stock=0)
    with pytest.raises(CoverageError, match=r"Site 1.* : une déclaration propre"):
        cover(person, main, first)
    assert not CentralCoverage.objects.exists()


def test_a_site_that_declared_since_an_older_week_cannot_be_covered_from_it(person, sites):
    main, first, _ = sites
    make_line(first, WEEK, 1, stock=0)
    make_line(first, shift(WEEK, -1), 1, stock=0)
    with pytest.raises(CoverageError) as refusal:
        cover(person, main, first, week=shift(WEEK, -2))
    both = f"semaines du {shift(WEEK, -1):%d/%m/%Y} et du {WEEK:%d/%m/%Y}"
    assert str(refusal.value).startswith(f"Site 1, {both} : une déclaration propre")
    assert not CentralCoverage.objects.exists()


def test_a_coverage_stops_before_the_next_one_and_looks_no_further(person, sites):
    """What the site typed after it is not counted twice."""
    main, first, second = sites
    CentralCoverage.objects.create(
        declaring=second, covered=first, first_week=shift(WEEK, -1), last_week=shift(WEEK, -1)
    )
    make_line(first, WEEK, 1, stock=0)
    cover(person, main, first, week=shift(WEEK, -2))
    ends = CentralCoverage.objects.filter(declaring=main).values_list("last_week", flat=True)
    assert list(ends) == [shift(WEEK, -2)]


def test_a_site_of_another_entity_cannot_be_covered(person, sites):
    with pytest.raises(CoverageError, match="n’appartient pas"):
        cover(person, sites[0], make_establishment())


def test_a_person_without_the_right_covers_nothing(sites):
    with pytest.raises(CoverageError, match="Aucun de vos profils"):
        cover(make_person("ARA"), sites[0], sites[1])


def test_a_covered_site_does_not_cover_others(person, sites):
    main, first, second = sites
    cover(person, main, first)
    main.is_main, first.is_main = False, True
    main.save()
    first.save()
    with pytest.raises(CoverageError, match="ne peut pas déclarer pour d’autres"):
        cover(person, first, second)


def test_nothing_counts_twice_even_when_both_exist(person, sites):
    """The line of a site typed before it was covered from an earlier week stays out of totals."""
    main, first, _ = sites
    make_line(main, WEEK, 1, stock=1000)
    make_line(first, WEEK, 1, stock=50)
    CentralCoverage.objects.create(declaring=main, covered=first, first_week=WEEK)
    with connection.cursor() as cursor:
        cursor.execute(lines_sql(), lines_parameters(WEEK, [1]))
        position = [column.name for column in cursor.description].index("stock")
        assert [row[position] for row in cursor.fetchall()] == [1000]


@pytest.mark.django_db(transaction=True)
def test_covering_a_site_and_typing_in_it_at_the_same_moment():
    main = make_establishment(is_main=True)
    site = make_establishment(main.legal_entity)
    person = make_person("OIE", on=main.legal_entity)

    def type_a_cell():
        change = CellChange(1, "stock", 5, None)
        save_cells(by=person, week=WEEK, establishment_id=site.pk, changes=[change])

    with before_another(type_a_cell, refused=SavingError) as refusals:
        cover(person, main, site)
    assert [refusal.code for refusal in refusals] == ["covered"]
    assert not InventoryLine.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("from_week", [WEEK, shift(WEEK, -2)])
def test_typing_in_a_site_and_covering_it_at_the_same_moment(from_week):
    main = make_establishment(is_main=True)
    site = make_establishment(main.legal_entity)
    person = make_person("OIE", on=main.legal_entity)

    def cover_it():
        cover(person, main, site, week=from_week)

    with before_another(cover_it, refused=CoverageError) as refusals:
        change = CellChange(1, "stock", 5, None)
        save_cells(by=person, week=WEEK, establishment_id=site.pk, changes=[change])
    assert "déclaration propre" in str(refusals[0])
    assert not CentralCoverage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_site_ticked_twice_at_the_same_moment_is_covered_once():
    main = make_establishment(is_main=True)
    site = make_establishment(main.legal_entity)
    other = make_establishment(main.legal_entity)
    person = make_person("OIE", on=main.legal_entity)

    def cover_it():
        cover(person, main, site)

    with before_another(cover_it, refused=CoverageError) as refusals:
        CentralCoverage.objects.create(
            declaring=other, covered=site, first_week=WEEK - timedelta(weeks=1)
        )
    assert "vient d’être coché" in str(refusals[0])
    assert CentralCoverage.objects.get().declaring == other


# The page


@pytest.fixture
def ticking(sites, person):
    """Post the sites ticked and those that the page showed ticked."""
    client = Client()
    client.force_login(person)
    address = reverse("epi_stocks:inventory_coverage", args=[sites[0].finess, WEEK])

    def post(ticked, seen):
        return client.post(address, {"couvre": ticked, "vu": seen}, follow=True)

    return post


def test_the_page_brings_back_what_it_showed(ticking, sites):
    _, first, second = sites
    shown = ticking([first.pk], []).content.decode()
    assert f'<input type="hidden" name="vu" value="{first.pk}">' in shown
    assert f'name="vu" value="{second.pk}"' not in shown
    told = ticking([second.pk], []).content.decode()
    assert "Depuis l’affichage de la page, une autre personne a changé : Site 1." in told
    assert CentralCoverage.objects.on(WEEK).count() == 2


@pytest.mark.parametrize("unreadable", ["x", "１", "-1", "9" * 30])
def test_an_unreadable_site_unticks_nothing(ticking, sites, unreadable):
    ticking([sites[1].pk], [])
    for ticked, seen in (([unreadable], [sites[1].pk]), ([], [unreadable])):
        assert ticking(ticked, seen).status_code == 400
    assert CentralCoverage.objects.get().covered == sites[1]
