"""Each Monday the quotas of the week are computed again, once, even after a breakdown."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from common.weeks import PARIS, current_week, shift
from journal.models import Entry
from orders.models import Allocation, Quota
from orders.quotas.explaining import explained
from orders.services.publishing import end, missing_weeks, renew, renew_all
from orders.services.quota_weeks import write_week
from tests.locks import before_another
from tests.orders.quotas.builders import make_place, set_capacity
from tests.orders.quotas.recomputing import page_of, recomputed

pytestmark = pytest.mark.django_db
WEEK = current_week()
NEXT = shift(WEEK, 1)


def test_the_next_week_is_computed_with_the_capacities_of_its_day(world):
    decision = world.publish()
    Quota.objects.update(used=100)
    set_capacity(world.large.establishment, 100)
    new = make_place(10, name="EHPAD neuf")
    assert renew_all(week=NEXT) == 1
    quota = world.quota(world.large, week=NEXT)
    assert (quota.granted, quota.used) == (1_500, 0)
    assert quota.allocation.renews == decision
    assert world.quota(new, week=NEXT).granted == 150
    assert world.quota(world.large, week=WEEK).granted == 1_200


def test_the_factors_and_adjustments_of_the_decision_go_on(world):
    draft = world.draft()
    draft.region_factors.create(region=world.large.region, factor="1.50")
    draft.adjustments.create(beneficiary=world.small, factor=2, reason="Foyer actif")
    world.publish(draft)
    renew_all(week=NEXT)
    assert world.quota(world.large, week=NEXT).granted == 1_800
    assert world.quota(world.small, week=NEXT).granted == 200


def test_a_renewed_quota_explains_itself_too(world):
    world.publish(pool=1_000)
    renew_all(week=NEXT)
    quota = world.quota(world.large, week=NEXT)
    html = page_of(explained([quota])[quota.pk])
    result, granted = recomputed(html)
    assert result == granted == quota.granted
    assert f"Calcul refait le lundi {NEXT:%d/%m/%Y}" in html


def test_renewing_twice_changes_nothing(world):
    world.publish()
    renew_all(week=NEXT)
    before = list(Quota.objects.values())
    assert renew_all(week=NEXT) == 0
    assert list(Quota.objects.values()) == before


def test_the_week_of_the_publication_is_not_computed_again(world):
    world.publish()
    assert renew_all(week=WEEK) == 0


def test_a_worker_that_was_down_makes_the_week_that_it_is(world):
    world.publish()
    assert renew_all(week=shift(WEEK, 4)) == 1
    assert not Quota.objects.filter(week=shift(WEEK, 3)).exists()


def test_what_is_ended_is_not_renewed(world):
    published = world.publish()
    end(by=world.first, allocation=published, last_week=WEEK)
    assert renew_all(week=NEXT) == 0


def test_another_decision_for_the_week_wins(world):
    world.publish()
    later = world.publish(starts_on=NEXT, pool=1_000)
    assert renew_all(week=NEXT) == 0
    assert set(Quota.objects.filter(week=NEXT).values_list("allocation", flat=True)) == {later.pk}


def test_a_decision_published_in_a_renewed_week_takes_its_quotas_over(world):
    world.publish(starts_on=WEEK)
    Allocation.objects.update(starts_on=shift(WEEK, -1))
    Quota.objects.update(week=shift(WEEK, -1))
    renew_all(week=WEEK)
    later = world.publish(pool=1_000)
    assert set(Quota.objects.filter(week=WEEK).values_list("allocation", flat=True)) == {later.pk}
    assert set(Allocation.objects.week_of(WEEK)) == {later}


def begun_on(world, week):
    """In force since long: written as if published then."""
    draft = world.draft(starts_on=week)
    Allocation.objects.filter(pk=draft.pk).update(
        state=Allocation.State.PUBLISHED, published_at=timezone.now()
    )
    draft.refresh_from_db()
    write_week(draft)
    return draft


def test_a_year_of_53_weeks_has_53_weeks_of_quotas(world):
    begun_on(world, date(2019, 12, 30))
    for back in range(1, 54):
        renew_all(week=shift(date(2019, 12, 30), back))
    weeks = Quota.objects.order_by("week").values_list("week", flat=True).distinct()
    in_2020 = [one for one in weeks if one.isocalendar().year == 2020]
    assert len(in_2020) == 53
    assert in_2020[-1].isocalendar().week == 53


@pytest.mark.parametrize(
    ("instant", "monday"),
    [  # the two nights when the hour changes end before these Mondays
        (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), date(2026, 3, 23)),
        (datetime(2026, 3, 29, 22, 0, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), date(2026, 10, 19)),
        (datetime(2026, 10, 25, 23, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_week_begins_on_monday_at_midnight_in_paris(world, instant, monday):
    begun_on(world, date(2026, 3, 2))
    assert current_week(instant) == monday
    renew_all(week=current_week(instant))
    assert Quota.objects.filter(week=monday).exists()


def test_the_reset_is_told_at_midnight_in_paris_whatever_the_season(world):
    begun_on(world, date(2026, 10, 19))
    quota = Quota.objects.first()
    resets_at = explained([quota])[quota.pk].resets_at
    assert resets_at == datetime(2026, 10, 26, 0, 0, tzinfo=PARIS)
    assert resets_at - datetime(2026, 10, 19, tzinfo=PARIS) == timedelta(days=7)
    assert resets_at.astimezone(UTC).hour == 23


def test_the_worker_looks_each_minute():
    crons = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    assert crons["orders.tasks.quotas.renew_quotas"] == "* * * * *"


@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_once(world):
    decision = world.publish()
    with before_another(lambda: renew(decision=decision, week=NEXT)):
        assert renew(decision=decision, week=NEXT)
    assert Allocation.objects.filter(renews=decision).count() == 1
    assert Entry.objects.filter(verb="orders.allocation_renewed").count() == 1


def test_nothing_is_missing_once_renewed(world):
    decision = world.publish()
    assert missing_weeks(NEXT) == [decision]
    renew_all(week=NEXT)
    assert missing_weeks(NEXT) == []
