"""The situation that goes with a request: last inventory of the site, quota of the week."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.cover import Level
from common.weeks import current_week
from epi_stocks.models import CentralCoverage
from orders.models import ReliefRequest
from orders.relief.situation import kept_situation, situation_of
from tests.builders import make_establishment, make_line
from tests.orders.builders import make_beneficiary, make_item, make_quota

pytestmark = pytest.mark.django_db
WEEK = current_week()


def test_the_last_inventory_counts_whatever_its_week(world):
    make_line(world.site, WEEK - timedelta(weeks=5), stock=120, daily=10)
    old = WEEK - timedelta(weeks=2)
    make_line(world.site, old, stock=50, daily=20)
    found = situation_of(world.home, world.site, world.item)
    assert (found.days, found.week, found.level) == (Decimal("2.5"), old, Level.CRITICAL)
    assert found.cover_text == "2,5\u00a0jours"
    assert f"{old:%d/%m/%Y}" in found.declared_text


def test_never_declared_is_said(world):
    found = situation_of(world.home, world.site, world.item)
    assert (found.cover_text, found.rank, found.level) == ("Jamais déclaré", None, Level.UNKNOWN)


def test_no_stock_is_the_most_urgent_even_without_consumption(world):
    make_line(world.site, WEEK, stock=0, daily=None)
    found = situation_of(world.home, world.site, world.item)
    assert (found.rank, found.cover_text) == (0, "Rupture")


@pytest.mark.parametrize(("doubts", "is_told"), [(0, False), (1, True), (1 | 1 << 3, False)])
def test_a_doubtful_value_is_told_unless_it_was_confirmed(world, doubts, is_told):
    line = make_line(world.site, WEEK, stock=50, daily=20)
    type(line).objects.filter(pk=line.pk).update(doubts=doubts)
    found = situation_of(world.home, world.site, world.item)
    assert ("Valeur à vérifier" in found.declared_text) is is_told


def test_gloves_are_the_sum_of_their_sizes(world):
    make_line(world.site, WEEK, 401, stock=30, daily=10)
    make_line(world.site, WEEK, 402, stock=20, daily=10)
    assert situation_of(world.home, world.site, make_item(4)).days == Decimal("2.5")


def test_a_site_whose_stock_another_declares_shows_that_one(world):
    main = make_establishment(world.site.legal_entity, name="Site principal")
    CentralCoverage.objects.create(declaring=main, covered=world.site, first_week=WEEK)
    make_line(main, WEEK, stock=70, daily=10)
    found = situation_of(world.home, world.site, world.item)
    assert (found.days, found.declared_by) == (Decimal(7), "Site principal")


def test_the_quota_of_the_week_is_attached(world):
    make_quota(world.home, world.item, granted=1_200, used=300)
    found = situation_of(world.home, world.site, world.item)
    assert (found.granted, found.used, found.left) == (1_200, 300, 900)
    assert "reste 900" in found.quota_text


def test_the_request_keeps_what_was_seen_when_it_was_sent(world):
    line = make_line(world.site, WEEK, stock=50, daily=20)
    seen = situation_of(world.home, world.site, world.item)
    row = world.ask()
    line.stock = 999
    line.save()
    assert kept_situation(ReliefRequest.objects.get(pk=row.pk).evidence) == seen


def test_the_fewest_days_of_cover_come_first_then_the_oldest(world):
    never = world.ask()
    sites = {}
    for stock in (50, 0, 20):
        site = make_establishment()
        make_line(site, WEEK, stock=stock, daily=10)
        sites[stock] = ReliefRequest.objects.create(
            beneficiary=make_beneficiary(site),
            site=site,
            item=world.item,
            quantity=1,
            reason="Manque",
            asked_by=world.orders,
            cover_days=situation_of(make_beneficiary(site), site, world.item).rank,
        )
    assert list(ReliefRequest.objects.urgent_first()) == [sites[0], sites[20], sites[50], never]
