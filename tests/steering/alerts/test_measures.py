"""Each measure says what the page it comes from says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.background import connection_beside
from common.locks import Lock
from common.weeks import current_week, shift
from epi_stocks.models import ExpectedCategory, ReportingSummary
from epi_stocks.summaries.refresh import refresh_weeks
from medications.calendar import calendar_of
from medications.models import MonitoredList
from orders.models.summary import QuotaSummary
from pui.models import Pui
from pui.models.region import PharmacySummary, Scale, SubstanceSummary
from steering.alerts.conditions import Readings
from steering.alerts.evaluation import applied_rules
from steering.alerts.measures import measure_of
from steering.alerts.measures.equipment import last_due_week
from steering.alerts.measures.measure import Within
from steering.alerts.measures.medicines import catalogue_on
from steering.models import Alert, AlertEvent, AlertScale
from steering.services import alert_looks
from steering.services.alert_looks import look_at_alerts
from tests.builders import make_category, make_establishment, make_line, make_person
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)
from tests.steering.alerts.conftest import make_rule

pytestmark = pytest.mark.django_db
EVERYWHERE = Within()


def read(slug, scale, now=None, within=EVERYWHERE):
    return measure_of(slug).read(AlertScale(scale), now or timezone.now(), within)


@pytest.fixture
def sites(country):
    """Two sites of the Loiret: five days of masks and none at all; one has not declared."""
    category = make_category("500", "EHPAD")
    ExpectedCategory.objects.get_or_create(category=category, starts_on="2020-01-01")
    week = current_week()
    places = [make_establishment(name=name, category=category) for name in ("Un", "Deux", "Trois")]
    make_line(places[0], week, 1, stock=50, daily=10)
    make_line(places[1], week, 1, stock=0, daily=10)
    refresh_weeks([week])
    return places


def masks_in(readings):
    return {one.place.name: (one.value, one.level) for one in readings if one.subject == "1"}


def test_the_cover_of_an_equipment_is_that_of_the_sums_at_every_scale(sites):
    for scale in ("department", "region", "country"):
        ((_, (days, level)),) = masks_in(read("epi_cover", scale)).items()
        assert (days, level) == (Decimal("2.5"), "critique")


def test_of_each_establishment_of_a_territory(sites):
    found = masks_in(read("epi_cover", "site", within=Within(region_code="24")))
    assert found == {"Un": (Decimal("5.0"), "critique"), "Deux": (Decimal("0.0"), "rupture")}
    assert read("epi_cover", "site", within=Within(department_code="41")) == []


def test_the_rate_is_that_of_the_last_week_whose_hour_has_come(country):
    monday = current_week(country.now)
    friday_evening = country.now + timedelta(days=2, hours=6, minutes=1)
    assert last_due_week(country.now) == shift(monday, -1)
    assert last_due_week(friday_evening) == monday
    for week, declared in ((monday, 9), (shift(monday, -1), 5)):
        ReportingSummary.objects.create(
            week=week, department_code="45", category_code="500", region_code="24",
            expected=10, declared=declared,
        )  # fmt: skip
    assert [one.value for one in read("epi_reporting", "region", country.now)] == [50]
    assert [one.value for one in read("epi_reporting", "country", friday_evening)] == [90]


def test_where_nobody_is_expected_the_rate_is_unknown(country):
    ReportingSummary.objects.create(
        week=shift(current_week(country.now), -1), department_code="45", category_code="500",
        region_code="24",
    )  # fmt: skip
    assert [one.value for one in read("epi_reporting", "region", country.now)] == [None]


def test_a_dci_is_read_at_the_due_day_under_way(country):
    now = timezone.now()
    due_on, catalogue = catalogue_on(now)
    one = catalogue.watched[0]
    SubstanceSummary.objects.create(
        monitored_list_id=MonitoredList.Slug.OTHERS, due_on=due_on, scale=Scale.REGION,
        region_code="24", code="24", substance_id=one.substance_id, stock=30, daily=10,
        ratio_stock=30, ratio_daily=10, lines=2, ratio_lines=2,
    )  # fmt: skip
    (found,) = read("dci_cover", "region", now)
    assert (found.subject_label, found.value, found.level) == (one.substance, 3, "critique")
    assert read("dci_cover", "department", now) == []


def test_a_dci_of_no_priority_or_of_another_hour_is_not_read(country):
    now = timezone.now()
    due_on, catalogue = catalogue_on(now)
    one = catalogue.watched[0]
    plain = make_followed(make_product(reference=make_reference("PARACETAMOL", "1 g")))
    plain = catalogue_on(now)[1].items[plain.pk]
    for substance, is_same_hour, stock in (
        (one.substance_id, False, 30), (one.substance_id, True, 90), (plain.substance_id, False, 0)
    ):  # fmt: skip
        SubstanceSummary.objects.create(
            monitored_list_id=MonitoredList.Slug.OTHERS, due_on=due_on, scale=Scale.REGION,
            region_code="24", code="24", substance_id=substance, is_same_hour=is_same_hour,
            stock=stock, daily=10, ratio_stock=stock, ratio_daily=10, lines=2, ratio_lines=2,
        )  # fmt: skip
    assert [(one.subject, one.value) for one in read("dci_cover", "region", now)] == [
        (str(one.substance_id), 3)
    ]


def test_the_rate_of_pharmacies_is_that_of_the_last_due_day_past(country):
    now = timezone.now()
    due_on, _ = catalogue_on(now)
    for back, declared, is_same_hour in ((0, 1, False), (7, 8, False), (7, 5, True)):
        PharmacySummary.objects.create(
            monitored_list_id=MonitoredList.Slug.OTHERS, due_on=due_on - timedelta(days=back),
            scale=Scale.REGION, region_code="24", code="24", expected=10, declared=declared,
            is_same_hour=is_same_hour,
        )  # fmt: skip
    assert [one.value for one in read("pui_reporting", "region", now)] == [80]


def test_the_delay_of_an_establishment_is_that_of_its_pharmacy_that_waits_longest(country):
    now, site = timezone.now(), make_establishment()
    by, product = make_person("GF", on=site), make_followed()
    calendar = calendar_of(MonitoredList.Slug.OTHERS)
    days = calendar.past_dues(now, 6)
    for label, back in (("A", 2), ("B", 5), ("C", 1)):
        pui = make_pui(label, on=site)
        at = {"due_on": days[back], "now": calendar.due_at(days[back])}
        make_transmission(pui, {product: (10, 1)}, by=by, **at)
    (found,) = read("pui_delay", "site", now, Within(region_code="24"))
    assert 28 <= found.value <= 35
    assert read("pui_delay", "site", now, Within(region_code="53")) == []


def test_quotas_are_those_of_the_week_alone(country):
    for weeks_ago, used in ((0, 5), (1, 10)):
        QuotaSummary.objects.create(
            week=shift(country.week, -weeks_ago), item_id=1, region_code="24",
            department_code="45", category_code="355", beneficiaries=1, exhausted=0, granted=10,
            used=used, need=0, unserved=0,
        )  # fmt: skip
    for scale in ("country", "region", "department"):
        assert [one.value for one in read("quota_used", scale, country.now)] == [50]


def test_what_is_no_more_an_item_of_the_week_warns_nobody(country):
    """A size of gloves, a total that is not asked any more: the look goes on without it."""
    make_rule()
    country.hold(3, item=402)
    country.hold(3)
    country.look()
    assert country.alert.subject == "1"


def test_a_pharmacy_that_never_declared_is_told_elsewhere(country):
    Pui.objects.create(establishment=make_establishment(), label="Pharmacie")
    assert read("pui_delay", "site", within=Within(region_code="24")) == []


def test_a_measure_is_read_once_for_all_the_rules_that_ask_it(
    country, django_assert_max_num_queries
):
    for number in range(6):
        make_rule(label=f"Règle {number}")
    rules = applied_rules(timezone.localdate())
    readings = Readings(country.now)
    readings.of(rules[0])
    with django_assert_max_num_queries(0):
        for rule in rules[1:]:
            readings.of(rule)


def test_a_look_asks_the_same_whatever_the_number_of_alerts(country):
    make_rule()
    country.hold(3)
    country.look()
    from_one = queries_of_a_look(country)
    for item in range(2, 8):
        for code in ("24", "28", "53", "84"):
            country.hold(3, code, item)
    country.look()
    assert Alert.objects.count() == 25
    assert queries_of_a_look(country) == from_one


def queries_of_a_look(country):
    with CaptureQueriesContext(connection) as queries:
        country.look(timedelta(minutes=15))
    return len(queries)


# Two at once, and cut in the middle


def test_while_one_look_is_under_way_another_does_nothing(country):
    make_rule()
    country.hold(3)
    with connection_beside() as beside, beside.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.ALERTS])
        assert country.look() is None
        assert not Alert.objects.exists()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.ALERTS])
    assert country.look() == 1


def test_cut_in_the_middle_nothing_happened_and_the_next_look_says_it_all(
    country, monkeypatch, mails, reader
):
    make_rule()
    country.hold(3)

    def fall(events):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(alert_looks, "tell", fall)
        with pytest.raises(RuntimeError):
            look_at_alerts(country.now)
    assert not Alert.objects.exists()
    assert not AlertEvent.objects.exists()
    country.look()
    assert len(mails) == 1
