"""National data has dates: what is decided now never changes the figures of past weeks."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError

from common.cover import Thresholds
from common.weeks import current_week, shift
from epi_stocks.calendar import calendar_of
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DeclarationRule, EpiItem, ExpectedCategory, TensionThreshold
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.services.settings import (
    SettingsError,
    expect_category,
    set_calendar,
    set_thresholds,
    switch_item,
)
from journal.models import Entry
from tests.builders import make_category, make_person
from tests.locks import before_another

pytestmark = pytest.mark.django_db
WEEK = current_week()
GLASSES = 8


@pytest.fixture
def national():
    return make_person("NAT", domain="epi_stock")


def test_the_reference_loaded_again_changes_nothing():
    assert EpiItem.objects.count() == 21
    again = load_epi_reference()
    assert (again.items, again.categories) == (0, 0)


def test_seven_items_are_counted_and_glasses_are_off():
    counted = EpiItem.objects.on(WEEK).top()
    assert [item.label for item in counted] == [
        "Masques chirurgicaux",
        "Masques FFP2",
        "Masques à reclasser GP",
        "Gants",
        "Surblouses",
        "Tabliers",
        "Protection de chevelure",
    ]


def test_the_national_cell_switches_an_item_on_then_off(national):
    switch_item(by=national, item_id=GLASSES, is_counted=True, week=WEEK)
    assert EpiItem.objects.on(WEEK).filter(pk=GLASSES).exists()
    assert not EpiItem.objects.on(shift(WEEK, -1)).filter(pk=GLASSES).exists()
    switch_item(by=national, item_id=GLASSES, is_counted=False, week=shift(WEEK, 1))
    assert EpiItem.objects.on(WEEK).filter(pk=GLASSES).exists()
    assert not EpiItem.objects.on(shift(WEEK, 1)).filter(pk=GLASSES).exists()
    assert Entry.objects.filter(verb="epi_stocks.item_switched", by=national).count() == 2


def test_new_thresholds_leave_past_weeks_as_they_were(national):
    set_thresholds(by=national, item_id=None, shortage=2, critical=8, tense=28, week=WEEK)
    assert thresholds_on(WEEK)[None] == Thresholds(2, 8, 28)
    assert thresholds_on(shift(WEEK, -1))[None] == Thresholds(1, 7, 21)


def test_thresholds_grow(national):
    with pytest.raises(SettingsError, match="croître"):
        set_thresholds(by=national, item_id=1, shortage=7, critical=7, tense=21, week=WEEK)


def test_a_category_is_expected_between_dates(national):
    category = make_category("999", "Autre")
    expect_category(by=national, code="999", is_expected=True, week=WEEK)
    expect_category(by=national, code="999", is_expected=False, week=shift(WEEK, 2))
    in_force = [
        ExpectedCategory.objects.in_force(week).filter(category=category).exists()
        for week in (shift(WEEK, -1), WEEK, shift(WEEK, 1), shift(WEEK, 2))
    ]
    assert in_force == [False, True, True, False]


def test_a_new_calendar_begins_with_its_week(national):
    set_calendar(
        by=national, expected_weekday=2, expected_time=time(12), closes_after_days=7, week=WEEK
    )
    assert calendar_of(WEEK).closes_after_days == 7
    assert calendar_of(shift(WEEK, -1)).closes_after_days == 14


def test_a_setting_begins_on_a_monday(national):
    with pytest.raises(SettingsError, match="lundi"):
        switch_item(by=national, item_id=1, is_counted=False, week=WEEK + timedelta(days=1))


@pytest.mark.parametrize("code", ["OIE", "ARA", "NAL", "TEC"])
def test_others_settle_nothing(code):
    with pytest.raises(SettingsError, match="Seule la cellule nationale"):
        switch_item(by=make_person(code), item_id=GLASSES, is_counted=True, week=WEEK)
    assert not Entry.objects.exists()


# Two people at the same moment


def thresholds(person, week):
    set_thresholds(by=person, item_id=None, shortage=2, critical=8, tense=28, week=week)


def category(person, week):
    expect_category(by=person, code="355", is_expected=True, week=week)


def calendar(person, week):
    set_calendar(
        by=person, expected_weekday=2, expected_time=time(12), closes_after_days=7, week=week
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("decide", "model"),
    [
        (thresholds, TensionThreshold),
        (category, ExpectedCategory),
        (calendar, DeclarationRule),
    ],
)
def test_two_national_people_at_once_leave_one_setting_in_force(decide, model):
    make_category("355")
    first, second = (make_person("NAT", domain="epi_stock") for _ in range(2))
    with before_another(lambda: decide(second, WEEK)):
        decide(first, WEEK)
    in_force = model.objects.in_force(WEEK)
    if model is ExpectedCategory:
        in_force = in_force.filter(category="355")
    assert in_force.count() == 1
    assert model.objects.filter(starts_on=WEEK).count() == 1


@pytest.mark.parametrize("item_id", [None, 1])
def test_the_database_refuses_two_thresholds_of_one_item_in_force(item_id):
    rows = [TensionThreshold(item_id=item_id, starts_on=week) for week in (WEEK, shift(WEEK, 1))]
    with pytest.raises(IntegrityError, match="tension_threshold_one_at_a_time"):
        TensionThreshold.objects.bulk_create(rows)


def test_the_database_refuses_two_calendars_in_force():
    with pytest.raises(IntegrityError, match="declaration_rule_one_at_a_time"):
        DeclarationRule.objects.create(starts_on=WEEK)
