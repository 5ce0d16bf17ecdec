"""How an alert ends, resumes and is told again, at the edges of its delays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.cover import Level
from establishments.models import Department
from steering.alerts.conditions import holds
from steering.alerts.measures.measure import Place, Reading
from steering.models import Alert, AlertEvent, AlertRule, AlertSample, AlertScale
from steering.services.alerts import acknowledge
from tests.builders import make_department, make_region
from tests.steering.alerts.conftest import DAY, HOUR, make_rule
from tests.steering.alerts.test_looks import kinds

pytestmark = pytest.mark.django_db
State = Alert.State


def test_a_rule_that_gathers_otherwise_at_the_same_scale_ends_once_and_begins_again(
    country, mails, agent
):
    """Of two departments of a region, then of the region: the same place, another alert."""
    rule = make_rule(scale="department", places=2)
    for code in ("45", "41"):
        country.hold_department(3, code)
    country.hold(3, "24")
    country.look()
    rule.scale, rule.places = "region", 1
    rule.save()
    for _ in range(4):
        country.look(HOUR)
    assert kinds() == ["opened", "closed", "opened"]
    assert len(mails) == 3
    assert list(Alert.objects.order_by("pk").values_list("state", "is_spread")) == [
        (State.CLOSED, True),
        (State.OPEN, False),
    ]


@pytest.mark.parametrize(("lasts", "states"), [(0, [State.CLOSED]), (30, [])])
def test_what_left_the_figures_does_not_stay_under_way_for_ever(country, lasts, states):
    """An equipment that nobody counts any more, a territory that is gone."""
    make_rule(lasts_days=lasts)
    country.hold(3)
    country.look()
    country.hold(None)
    country.look(14 * DAY - HOUR)
    assert Alert.objects.get().state != State.CLOSED
    country.look(HOUR)
    assert list(Alert.objects.values_list("state", flat=True)) == states
    if states:
        assert AlertEvent.objects.last().text == "Plus aucune donnée depuis 14\u00a0jours."


def test_a_worker_that_was_away_for_long_closes_nothing(country):
    make_rule()
    country.hold(3)
    country.look()
    country.now += 20 * DAY
    country.hold(3)
    country.look()
    assert country.alert.state == State.OPEN


def test_the_same_alert_resumes_until_two_days_have_passed(country):
    make_rule(calm_hours=0)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    country.hold(3)
    country.look(48 * HOUR - timedelta(minutes=1))
    assert kinds() == ["opened", "closed", "resumed"]


def test_better_for_a_while_begins_again_when_it_is_as_bad_in_between(country):
    """Neither the same class nor a worse one leaves the calm running."""
    make_rule(at_least="tendue", calm_hours=24)
    for days in (5, 15, 5, 15, 0.5, 5, 0.5, 5):
        country.now += 20 * HOUR
        country.hold(days)
        country.look()
    assert kinds() == ["opened", "worsened"]


def test_who_acknowledged_a_spread_sees_again_the_region_that_joins(country, cell):
    make_rule(places=2)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    acknowledge(by=cell, alert=country.alert, word="Vu.")
    country.hold(3, "53")
    country.look(HOUR)
    assert (country.alert.state, country.alert.acknowledged_by) == (State.OPEN, None)


def test_a_spread_names_the_places_that_made_it_even_once_it_is_over(country):
    make_rule(places=2, calm_hours=1)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    country.hold(30, "28")
    country.look(HOUR)
    assert [one["code"] for one in country.alert.places] == ["24", "28"]


def test_the_worst_is_kept_as_its_measure_goes(country):
    """Fewer days of cover, but more regions of a spread."""
    make_rule()
    make_rule(places=2, label="Tension nationale")
    for days, more in ((5, 3), (3, 30), (4, 30)):
        country.hold(days, "24")
        country.hold(3, "28")
        country.hold(more, "53")
        country.look(HOUR)
    assert Alert.objects.get(code="24").worst_value == 3
    assert Alert.objects.get(code="FR").worst_value == 3
    assert Alert.objects.get(code="FR").value == 2


def test_what_is_only_observed_is_forgotten_with_its_rule(country, mails, reader):
    rule = make_rule(lasts_days=2)
    country.hold(3)
    country.look()
    rule.is_active = False
    rule.save()
    assert country.look(HOUR) == 0
    assert not Alert.objects.exists()
    assert mails == []


def test_once_closed_its_figures_stay_those_of_its_end(country):
    make_rule(calm_hours=0)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    country.hold(90)
    country.look(HOUR)
    assert (country.alert.state, country.alert.value) == (State.CLOSED, 30)


def test_the_curve_holds_the_last_measure_of_each_day_since_the_opening(country):
    make_rule(lasts_days=1)
    country.hold(5)
    country.look()
    assert not AlertSample.objects.exists()
    country.look(DAY)
    country.hold(3)
    country.look(HOUR)
    country.look(DAY)
    assert [one.value for one in AlertSample.objects.order_by("day")] == [3, 3]


def test_a_rule_of_one_department_looks_at_no_other(country):
    make_rule(scale="department", department_id="45")
    for code in ("45", "41"):
        country.hold_department(3, code)
    country.look()
    assert country.alert.code == "45"


def test_departments_of_two_regions_do_not_add_up(country):
    make_department("35", "Ille-et-Vilaine", make_region("53"))
    make_rule(scale="department", places=2)
    country.hold_department(3, "45")
    country.hold_department(3, "35", region="53")
    country.look()
    assert not Alert.objects.exists()


def test_a_silent_region_counts_for_itself_alone(country):
    """Three regions at once; two of them are well again, and the third says nothing."""
    make_rule(places=3, calm_hours=0)
    for code in ("24", "28", "53"):
        country.hold(3, code)
    country.look()
    country.hold(30, "24")
    country.hold(30, "28")
    country.hold(None, "53")
    country.look(HOUR)
    assert country.alert.state == State.CLOSED


def test_a_region_that_comes_back_is_not_told_again_because_another_joined(country, mails, cell):
    make_rule(places=2)
    for code in ("24", "28", "53"):
        country.hold(3, code)
    country.look()
    country.hold(30, "24")
    country.hold(3, "84")
    country.look(HOUR)
    country.hold(3, "24")
    country.look(HOUR)
    assert kinds() == ["opened", "spread"]
    assert len(mails) == 2


def test_a_spread_ends_when_its_rule_takes_another_product(country):
    rule = make_rule(places=2)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    rule.subject = "2"
    rule.save()
    country.look(HOUR)
    assert country.alert.state == State.CLOSED


def test_a_spread_is_as_bad_as_its_worst_place_which_it_names_first(country):
    make_rule(places=2)
    country.hold(3, "53")
    country.hold(0.5, "28")
    country.look()
    assert [one["name"] for one in country.alert.places] == ["Normandie", "Bretagne"]
    assert country.alert.level == Level.SHORTAGE


def test_departments_without_an_ars_are_gathered_under_none(country):
    for code in ("975", "986"):
        make_department(code, "Collectivité", make_region("53"))
        Department.objects.filter(pk=code).update(region=None)
        country.hold_department(3, code, region="")
    make_rule(scale="department", places=2)
    country.look()
    assert not Alert.objects.exists()


LOW = {"measure": "epi_cover", "threshold": 5}
CLASS = {"measure": "epi_cover", "at_least": "critique"}
HIGH = {"measure": "quota_used", "threshold": 90}


@pytest.mark.parametrize(
    ("limit", "value", "level", "expected"),
    [
        (LOW, 4, None, True),
        (LOW, 5, None, False),
        (HIGH, 90, None, True),
        (HIGH, 89, None, False),
        (LOW, None, Level.NO_USE, False),
        (LOW, None, Level.SHORTAGE, True),
        (LOW, None, Level.UNKNOWN, None),
        (HIGH, None, None, None),
        (CLASS, 5, Level.CRITICAL, True),
        (CLASS, 9, Level.TENSE, False),
        (CLASS, None, Level.NO_USE, False),
        (CLASS, None, Level.UNKNOWN, None),
        (CLASS, None, None, None),
    ],
)
def test_a_limit_is_passed_from_above_or_below_or_nothing_is_known(limit, value, level, expected):
    place = Place(AlertScale.REGION, "24", "Centre-Val de Loire", "24")
    value = None if value is None else Decimal(value)
    rule = AlertRule(scale="region", **limit)
    assert holds(rule, Reading("1", "Masques", place, value, level)) is expected
