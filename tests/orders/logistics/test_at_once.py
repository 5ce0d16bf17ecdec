"""Two at the same moment: a cancellation and the file, a report twice, two files."""

import threading

import pytest
from django.db import connection, transaction

from orders.models import LogisticsReport, Order, OrderFile
from orders.services.outbox import write_file
from tests.locks import before_another
from tests.orders.logistics.world import (
    confirmation,
    departure,
    la_poste,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    send,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_that_somebody_is_cancelling_is_left_for_the_next_file():
    order, other = make_sent_order(), make_sent_order()
    with transaction.atomic():
        Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        files = []

        def write():
            files.append(write_file(la_poste()))

        write_beside(write)
        assert files[0].orders_count == 1
        Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
    assert write_file(la_poste()) is None
    other.refresh_from_db()
    assert other.exported_at


def write_beside(action):
    def act():
        action()
        connection.close()

    beside = threading.Thread(target=act)
    beside.start()
    beside.join()


def test_two_workers_write_each_order_once_under_two_numbers_or_one():
    make_sent_order()
    found = []
    with before_another(lambda: found.append(write_file(la_poste()))):
        write_file(la_poste())
    assert found == [None]
    assert list(OrderFile.objects.values_list("sequence", flat=True)) == [1]


def test_the_same_report_twice_at_once_counts_once():
    product = make_catalogue()
    order = make_filed_order(product)
    send(confirmation(order, 200))
    content, found = departure(order, 150), []
    with before_another(lambda: found.append(send(content, key="cle-double"))):
        send(content, key="cle-double")
    assert LogisticsReport.objects.filter(key="cle-double").count() == 1
    assert stock_of(product) == (9_800, 50)
