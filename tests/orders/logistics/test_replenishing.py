"""What goes from SPF to La Poste: proposed, asked, shipped, received."""

import pytest
from django.urls import reverse

from orders.logistics.needs import CAPACITY, warehouse_now
from orders.models import Movement, Replenishment
from orders.services.errors import OrderingError
from orders.services.replenishing import (
    ask_replenishment,
    drop_replenishment,
    receive_replenishment,
    request_replenishment,
    ship_replenishment,
)
from tests.builders import make_person
from tests.orders.logistics.world import (
    make_catalogue,
    make_sent_order,
    send,
    spf,
    stock_count,
    stock_of,
)

pytestmark = pytest.mark.django_db
State = Replenishment.State


@pytest.fixture
def product():
    return make_catalogue(1_000)


def test_a_proposal_is_asked_shipped_and_received_and_the_stocks_move(product, cell):
    poste, source = make_person("LPO"), make_person("SPF", domain="distrilog")
    row = request_replenishment(by=poste, product=product, quantity=300, reason="Il en manque")
    assert row.state == State.PROPOSED
    with pytest.raises(OrderingError, match="proposée"):
        ship_replenishment(row, by=source)
    row = ask_replenishment(row, by=cell)
    with pytest.raises(OrderingError, match="seul"):
        ship_replenishment(row, by=poste)
    row = ship_replenishment(row, by=source)
    assert (stock_of(product), stock_of(product, spf())) == ((1_000, 0), (700, 0))
    with pytest.raises(OrderingError, match="300 unités"):
        receive_replenishment(row, by=poste, received=301)
    row = receive_replenishment(row, by=poste, received=290)
    assert (row.state, stock_of(product)) == (State.RECEIVED, (1_290, 0))
    with pytest.raises(OrderingError, match="déjà reçue"):
        receive_replenishment(row, by=poste, received=290)
    causes = Movement.objects.filter(cause=Movement.Cause.REPLENISHED)
    assert sorted(causes.values_list("quantity", flat=True)) == [-290, 300]


def test_no_more_is_shipped_than_what_is_free(product, cell):
    row = request_replenishment(by=cell, product=product, quantity=1_050, reason="")
    assert row.state == State.ASKED
    with pytest.raises(OrderingError, match="que 1\u202f000 unités"):
        ship_replenishment(row, by=make_person("SPF", domain="distrilog"))
    row.refresh_from_db()
    assert (row.state, stock_of(product, spf())) == (State.ASKED, (1_000, 0))


def test_a_supplier_neither_reads_nor_moves_the_stock_of_the_state(product, client):
    supplier = make_person("CSM")
    with pytest.raises(OrderingError, match="deux entrepôts"):
        request_replenishment(by=supplier, product=product, quantity=50, reason="")
    client.force_login(supplier)
    assert client.get(reverse("orders:replenishments")).status_code == 403
    page = client.get(reverse("orders:order_files")).content.decode()
    assert reverse("orders:replenishments") not in page


def test_one_at_a_time_in_whole_packs_and_it_may_be_dropped(product, cell):
    with pytest.raises(OrderingError, match="colis entiers"):
        request_replenishment(by=cell, product=product, quantity=30, reason="")
    row = request_replenishment(by=cell, product=product, quantity=50, reason="")
    with pytest.raises(OrderingError, match="déjà"):
        request_replenishment(by=cell, product=product, quantity=50, reason="")
    drop_replenishment(row, by=cell)
    assert request_replenishment(by=cell, product=product, quantity=50, reason="").pk != row.pk


def test_what_left_is_not_dropped_and_only_the_cell_decides(product, cell):
    spf_person = make_person("SPF", domain="distrilog")
    row = request_replenishment(by=cell, product=product, quantity=100, reason="")
    with pytest.raises(OrderingError, match="cellule nationale"):
        drop_replenishment(row, by=spf_person)
    ship_replenishment(row, by=spf_person)
    with pytest.raises(OrderingError, match="expédiée"):
        drop_replenishment(row, by=cell)
    proposed = request_replenishment(by=spf_person, product=product, quantity=100, reason="")
    with pytest.raises(OrderingError, match="cellule nationale"):
        ask_replenishment(proposed, by=spf_person)


def test_a_count_made_before_units_left_does_not_bring_them_back(product, cell):
    row = request_replenishment(by=cell, product=product, quantity=300, reason="")
    ship_replenishment(row, by=make_person("SPF", domain="distrilog"))
    send(stock_count(product, 1_000, hours=-1), operator=spf())
    assert stock_of(product, spf()) == (700, 0)


def test_what_lasts_less_than_ten_days_of_orders_is_proposed(product):
    product.units_per_pallet = 400
    product.save()
    make_sent_order(product, 700)
    [supply] = warehouse_now().supplies
    assert (supply.available, supply.ordered, supply.cover, supply.is_short) == (300, 700, 6, True)
    assert (supply.wanted, supply.pallets, supply.wanted_pallets) == (1_000, 3, 3)
    assert warehouse_now().pallets <= CAPACITY


def test_what_nobody_orders_is_not_proposed(product):
    [supply] = warehouse_now().supplies
    assert (supply.cover, supply.is_short, supply.pallets) == (None, False, None)
