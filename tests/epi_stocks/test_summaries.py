"""The summaries equal the lines, whatever happened; a refresh writes only what changed."""

from datetime import datetime, timedelta

import pytest
from croniter import croniter
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django import app

from common.locks import Lock
from common.weeks import PARIS, current_week, shift
from epi_stocks import tasks
from epi_stocks.models import (
    CentralCoverage,
    DeclarationRule,
    DepartmentSummary,
    ExpectedCategory,
    InventoryLine,
    StaleWeek,
    SummarisedWeek,
    TensionThreshold,
    WeeklyInventory,
)
from epi_stocks.summaries.refresh import (
    declared_weeks,
    last_weeks,
    refresh_due_weeks,
    refresh_weeks,
)
from epi_stocks.tasks import refresh_all_summaries, refresh_summaries
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_region,
)
from tests.epi_stocks.truth import (
    assert_summaries_tell_the_truth,
    expect,
    kept_departments,
    kept_reporting,
)
from tests.locks import held_by_another

pytestmark = pytest.mark.django_db
WEEK = current_week()
quantities = st.one_of(st.none(), st.just(0), st.integers(1, 400))


@st.composite
def worlds(draw):
    """Lines of five sites over three weeks, blanks and zeros included, and perhaps a coverage."""
    lines = draw(
        st.dictionaries(
            st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from([1, 2, 4, 401, 412])),
            st.tuples(quantities, quantities, quantities, st.sampled_from([0, 1, 9, 2])),
            max_size=18,
        )
    )
    coverage = draw(st.none() | st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)))
    return lines, coverage


def places():
    """Two departments of a region, a territory without ARS, two categories."""
    without_ars = make_department("975", "Saint-Pierre-et-Miquelon")
    without_ars.region = None
    without_ars.save()
    other = make_category("500", "EHPAD")
    expect(make_category(), other)
    loiret, cher = make_department(), make_department("18", "Cher")
    return [
        make_establishment(department=loiret),
        make_establishment(department=loiret, category=other),
        make_establishment(department=cher),
        make_establishment(department=cher, category=other),
        make_establishment(department=without_ars, region=None),
    ]


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds())
def test_summaries_equal_the_truth_recomputed_line_by_line(world):
    lines, coverage = world
    with transaction.atomic():
        sites = places()
        for (site, back, item), (stock, daily, supply, doubts) in lines.items():
            make_line(
                sites[site],
                shift(WEEK, -back),
                item,
                stock=stock,
                daily=daily,
                supply=supply,
                doubts=doubts,
                saved_at=timezone.now() - timedelta(days=7 * back, hours=site + 1),
            )
        if coverage and coverage[0] != coverage[1]:
            declaring, covered, back = coverage
            CentralCoverage.objects.create(
                declaring=sites[declaring], covered=sites[covered], first_week=shift(WEEK, -back)
            )
        refresh_weeks([WEEK, shift(WEEK, -1)])
        assert_summaries_tell_the_truth(WEEK)
        assert_summaries_tell_the_truth(shift(WEEK, -1))
        transaction.set_rollback(True)


@pytest.fixture
def site():
    expect(make_category(), make_category("500", "EHPAD"))
    return make_establishment()


def refreshed():
    refresh_due_weeks()
    assert_summaries_tell_the_truth(WEEK)
    return kept_departments(WEEK)


def test_a_new_save_a_correction_and_a_blanking_are_each_followed(site):
    assert refreshed() == {}
    assert kept_reporting(WEEK)["45", "355"][:2] == (1, 0)
    line = make_line(site, WEEK, 2, stock=70, daily=10)
    assert refreshed()[2, "45", "355"]["stock"] == 70
    assert kept_reporting(WEEK)["45", "355"][:2] == (1, 1)
    InventoryLine.objects.filter(pk=line.pk).update(stock=700)
    assert refreshed()[2, "45", "355"]["stock"] == 700
    InventoryLine.objects.filter(pk=line.pk).update(stock=None, daily=None)
    assert refreshed() == {}


def test_a_coverage_and_its_end_are_followed(site):
    main = make_establishment(legal_entity=site.legal_entity)
    make_line(site, WEEK, 2, stock=5, daily=1)
    make_line(main, WEEK, 2, stock=50, daily=10)
    assert refreshed()[2, "45", "355"]["lines"] == 2
    coverage = CentralCoverage.objects.create(declaring=main, covered=site, first_week=WEEK)
    assert refreshed()[2, "45", "355"]["stock"] == 50
    coverage.delete()
    assert refreshed()[2, "45", "355"]["stock"] == 55


def test_a_change_of_category_or_department_moves_the_figures(site):
    make_line(site, WEEK, 2, stock=5, daily=1)
    site.category = make_category("500", "EHPAD")
    site.save()
    assert list(refreshed()) == [(2, "45", "500")]
    site.department = make_department("18", "Cher")
    site.save()
    assert list(refreshed()) == [(2, "18", "500")]


def test_a_closed_site_and_a_category_no_longer_expected_are_followed(site):
    make_line(site, WEEK, 2, stock=5, daily=1)
    ExpectedCategory.objects.filter(category="355").update(ends_on=shift(WEEK, -1))
    refreshed()
    site.closed_on = shift(WEEK, -1)
    site.save()
    assert refreshed() == {}


def test_thresholds_of_national_data_decide_the_levels(site):
    make_line(site, WEEK, 2, stock=50, daily=10)
    assert refreshed()[2, "45", "355"]["critical"] == 1
    TensionThreshold.objects.create(item_id=2, shortage=6, critical=7, tense=8, starts_on=WEEK)
    refresh_due_weeks()
    assert kept_departments(WEEK)[2, "45", "355"]["shortage"] == 1


def test_a_value_is_carried_over_two_weeks_and_no_further(site):
    make_line(site, shift(WEEK, -2), 2, stock=5, daily=1)
    make_line(site, shift(WEEK, -3), 1, stock=5, daily=1)
    figures = refreshed()
    assert figures[2, "45", "355"]["carried"] == 1
    assert (1, "45", "355") not in figures


def test_the_calendar_says_how_far_a_value_is_carried_over(site):
    DeclarationRule.objects.all().delete()
    DeclarationRule.objects.create(starts_on=shift(WEEK, -20), ends_on=shift(WEEK, -6))
    DeclarationRule.objects.create(starts_on=shift(WEEK, -5), carried_weeks=1)
    make_line(site, shift(WEEK, -2), 2, stock=5, daily=1)
    make_line(site, shift(WEEK, -1), 1, stock=5, daily=1)
    assert sorted(refreshed()) == [(1, "45", "355")]
    DeclarationRule.objects.filter(carried_weeks=1).update(carried_weeks=3)
    make_line(site, shift(WEEK, -3), 4, stock=5, daily=1)
    assert sorted(refreshed()) == [(1, "45", "355"), (2, "45", "355"), (4, "45", "355")]


def test_a_refresh_that_finds_nothing_new_writes_nothing(site):
    make_line(site, WEEK, 2, stock=5, daily=1)
    refresh_due_weeks()
    before = row_versions()
    refresh_due_weeks()
    assert row_versions() == before


def row_versions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid, xmin FROM epi_stocks_departmentsummary ORDER BY 1")
        return cursor.fetchall()


def test_the_plans_of_a_refresh_are_never_compiled(site):
    """Where PostgreSQL can, that takes a second a table, for a tenth of a second of work."""
    refresh_weeks([WEEK])
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_an_older_week_is_refreshed_once_marked_with_the_two_that_follow(site):
    old = shift(WEEK, -9)
    refresh_weeks([shift(old, ahead) for ahead in range(4)])
    StaleWeek.objects.all().delete()
    make_line(site, old, 2, stock=5, daily=1)
    assert set(StaleWeek.objects.values_list("week", flat=True)) == {old}
    done = refresh_due_weeks()
    assert {old, shift(old, 1), shift(old, 2)} <= set(done)
    assert not StaleWeek.objects.exists()
    assert_summaries_tell_the_truth(old)
    assert_summaries_tell_the_truth(shift(old, 2))


def test_a_week_that_can_still_be_typed_needs_no_mark(site):
    make_line(site, WEEK, 2, stock=5)
    make_line(site, shift(WEEK, -1), 2, stock=5)
    assert not StaleWeek.objects.exists()
    assert {WEEK, shift(WEEK, -1)} <= last_weeks()


@pytest.mark.parametrize(
    ("hour", "weeks"), [("2026-11-15 23:59", 2), ("2026-11-16 00:01", 3), ("2026-11-16 04:01", 2)]
)
def test_the_week_that_closed_in_the_night_is_refreshed_until_the_morning(monkeypatch, hour, weeks):
    now = datetime.fromisoformat(hour).replace(tzinfo=PARIS)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert last_weeks() == {shift(current_week(now), -back) for back in range(weeks)}


def test_a_coverage_of_the_past_marks_the_weeks_it_held(site):
    main = make_establishment(legal_entity=site.legal_entity)
    old = shift(WEEK, -8)
    make_line(site, old, 2, stock=5, daily=1)
    refresh_due_weeks()
    coverage = CentralCoverage.objects.create(
        declaring=main, covered=site, first_week=old, last_week=old
    )
    refresh_due_weeks()
    assert_summaries_tell_the_truth(old)
    assert kept_departments(old) == {}
    coverage.delete()
    refresh_due_weeks()
    assert_summaries_tell_the_truth(old)
    assert kept_departments(old) != {}


def test_the_time_of_the_figures_is_kept(site):
    before = timezone.now() - timedelta(minutes=1)
    refresh_due_weeks()
    assert SummarisedWeek.objects.get(week=WEEK).refreshed_at > before


def test_every_declared_week_is_found_however_many_inventories_it_has():
    for back in (0, 3, 20):
        WeeklyInventory.objects.create(week=shift(WEEK, -back), establishment=make_establishment())
        WeeklyInventory.objects.create(week=shift(WEEK, -back), establishment=make_establishment())
    assert declared_weeks() == [shift(WEEK, -20), shift(WEEK, -3), WEEK]


@pytest.mark.session
@pytest.mark.django_db(transaction=True)
def test_two_refreshes_never_run_together():
    make_line(make_establishment(), WEEK, 2, stock=5, daily=1)
    with held_by_another(Lock.SUMMARIES):
        assert refresh_weeks([WEEK]) == []
        assert not DepartmentSummary.objects.exists()
    assert refresh_weeks([WEEK]) == [WEEK]


def test_a_region_is_told_by_the_department_of_the_site():
    bretagne = make_region("53", "Bretagne")
    make_line(
        make_establishment(department=make_department("35", "Ille-et-Vilaine", region=bretagne)),
        WEEK,
        2,
        stock=5,
        daily=1,
    )
    refresh_due_weeks()
    assert DepartmentSummary.objects.get(week=WEEK).region_code == "53"


def test_the_task_worker_refreshes_every_forty_seconds(site, monkeypatch):
    crons = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    times = croniter(crons["epi_stocks.tasks.refresh_summaries"], 0)
    done = []
    monkeypatch.setattr(tasks, "refresh_due_weeks", lambda: done.append(now))
    for now in [int(times.get_next()) for _ in range(12)]:
        refresh_summaries(timestamp=now)
    assert done == [40, 80, 120, 160, 200, 240]


def test_a_turn_of_the_task_worker_makes_the_summaries_true(site):
    make_line(site, WEEK, 2, stock=5, daily=1)
    refresh_summaries(timestamp=0)
    assert_summaries_tell_the_truth(WEEK)


def test_each_night_every_week_is_refreshed(site):
    old = shift(WEEK, -30)
    make_line(site, old, 2, stock=5, daily=1)
    StaleWeek.objects.all().delete()
    refresh_all_summaries(timestamp=0)
    assert_summaries_tell_the_truth(old)
    site.category = make_category("500", "EHPAD")
    site.save()
    refresh_all_summaries(timestamp=0)
    assert list(kept_departments(old)) == [(2, "45", "500")]
