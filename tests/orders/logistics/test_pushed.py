"""Allocations that the national cell pushes: stock, quota, once, all or none."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.notices import aid
from orders.following import letters
from orders.logistics import pushed_files
from orders.logistics.letters import write_pushed
from orders.models import Movement, Order
from orders.services import pushed
from orders.services.errors import OrderingError
from orders.services.outbox import write_file
from orders.services.pushed import Allotted, push
from tests.builders import make_person
from tests.orders.builders import make_address, make_beneficiary, make_quota
from tests.orders.logistics.world import (
    FILED,
    asked,
    confirmation,
    departure,
    la_poste,
    make_catalogue,
    reasons,
    send,
    spf,
    stock_of,
)

pytestmark = pytest.mark.django_db


def test_pushed_allocations_take_their_stock_each_by_its_route(cell, north):
    product = make_catalogue()
    large, small = make_beneficiary(platform=north), make_beneficiary()
    make_address(small)
    lines = [Allotted(large, product, 100), Allotted(small, product, 50)]
    orders = push(lines, by=cell, digest="abc", reason="Portail en panne").orders
    assert {one.kind for one in orders} == {Order.Kind.PUSHED}
    assert {one.operator for one in orders} == {spf(), la_poste()}
    assert (stock_of(product), stock_of(product, spf())) == ((9_950, 50), (9_900, 100))
    assert not Movement.objects.filter(quota__isnull=False).exists()
    assert [one.delivery["town"] for one in orders if one.beneficiary == small] == ["ORLÉANS"]
    again = push(lines, by=cell, digest="abc", reason="Portail en panne")
    assert not again.is_new
    assert [one.pk for one in again.orders] == [one.pk for one in orders]


def test_pushed_allocations_count_in_the_quota_of_the_week_where_there_is_one(cell):
    product = make_catalogue()
    place = make_beneficiary()
    quota = make_quota(place, product.item, granted=300)
    push([Allotted(place, product, 200)], by=cell, digest="abc", reason="Panne")
    quota.refresh_from_db()
    assert quota.used == 200
    with pytest.raises(OrderingError, match="le contingent ne suffit plus"):
        push([Allotted(place, product, 150)], by=cell, digest="def", reason="Panne")
    quota.refresh_from_db()
    assert (quota.used, Order.objects.count(), stock_of(product)) == (200, 1, (9_800, 200))


def test_a_preview_refuses_what_the_quota_does_not_hold_all_sizes_together():
    small, large = make_catalogue(), make_catalogue()
    place = make_beneficiary()
    make_address(place)
    make_quota(place, small.item, granted=120)
    lines = asked((place.finess, small.code, "100"), (place.finess, large.code, "50"))
    drafted = pushed_files.check(lines, "abc")
    assert set(reasons(drafted)) == {2, 3}
    assert "il en reste 120" in reasons(drafted)[2]
    assert pushed_files.check(lines[:1], "abc").is_ready


def test_a_place_that_nobody_can_deliver_to_is_refused():
    product, place = make_catalogue(), make_beneficiary()
    lines = asked((place.finess, product.code, "50"))
    assert "aucune adresse" in reasons(pushed_files.check(lines, "abc"))[2]
    type(place.place).objects.filter(pk=place.place.pk).update(postal_code="45000", town="OLIVET")
    drafted = pushed_files.check(lines, "abc")
    assert drafted.is_ready


def test_the_same_file_is_pushed_once_a_week(cell, monkeypatch):
    product, place = make_catalogue(), make_beneficiary()
    make_address(place)
    line = asked((place.finess, product.code, "50"))
    push([Allotted(place, product, 50)], by=cell, digest="abc", reason="Panne")
    drafted = pushed_files.check(line, "abc")
    assert (len(drafted.known), drafted.is_ready) == (1, False)
    monkeypatch.setattr(pushed, "current_week", lambda *now: date(2030, 1, 7))
    assert pushed_files.check(line, "abc").is_ready
    assert push([Allotted(place, product, 50)], by=cell, digest="abc", reason="Panne").is_new


def test_many_allocations_take_few_statements(cell):
    product = make_catalogue()

    def statements(digest, count):
        lines = [Allotted(make_beneficiary(), product, 50) for _ in range(count)]
        with CaptureQueriesContext(connection) as found:
            push(lines, by=cell, digest=digest, reason="Panne")
        return len(found)

    statements("first", 1)
    assert statements("abc", 2) == statements("def", 8)


def test_who_orders_for_the_place_is_told_of_what_is_pushed_and_when_it_leaves(cell, monkeypatch):
    sent = []
    for module in (aid, letters):
        monkeypatch.setattr(module, "queue_written", lambda *words: sent.append(words))
    person = make_person("OCE")
    place = make_beneficiary(person.active_profile.establishment)
    product = make_catalogue()
    [order] = push(
        [Allotted(place, product, 50)], by=cell, digest="abc", reason="Portail en panne"
    ).orders
    assert order.expected_on > timezone.localdate()
    write_pushed([order.pk])
    [(_, text, address)] = sent
    assert (address, "Portail en panne" in text) == (person.email, True)
    assert write_file(order.operator)
    Order.objects.filter(pk=order.pk).update(exported_at=timezone.now() - FILED)
    send(confirmation(order, 50))
    send(departure(order, 50))
    assert [address for _, _, address in sent] == [person.email, person.email]


def test_pushed_allocations_are_all_there_or_none(cell):
    product = make_catalogue(available=100)
    lines = [Allotted(make_beneficiary(), product, 100), Allotted(make_beneficiary(), product, 50)]
    with pytest.raises(OrderingError, match="Rien n’est envoyé"):
        push(lines, by=cell, digest="abc", reason="Panne")
    assert (Order.objects.count(), stock_of(product)) == (0, (100, 0))


def test_each_refused_line_of_allocations_says_why():
    product, place = make_catalogue(), make_beneficiary()
    make_address(place)
    drafted = pushed_files.check(
        asked(
            (place.finess, "inconnu", "50"),
            (place.finess, product.code, "12"),
            (place.finess, product.code, "1e3"),
            ("123", product.code, "50"),
            (place.finess, product.code, "50"),
            (place.finess, product.code, "50"),
        ),
        "abc",
    )
    assert sorted(reasons(drafted)) == [2, 3, 4, 5, 7]
    assert drafted.units == 50


def test_a_preview_of_allocations_says_what_is_short():
    product = make_catalogue(available=100)
    drafted = pushed_files.check(asked((make_beneficiary().finess, product.code, "150")), "abc")
    assert [one.is_short for one in drafted.sums] == [True]
    assert not drafted.is_ready
