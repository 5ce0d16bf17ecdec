"""Who keeps which catalogue; two people on one product; stock levels; dates of the agreement."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from journal.models import Entry
from orders.consortium.tariffs import Tariff
from orders.models import Movement, Product, Source, Stock
from orders.services.agreements import (
    AgreementChangedError,
    agreement_on,
    closed_in_words,
    mark_of,
    set_agreement,
)
from orders.services.errors import OrderingError
from orders.services.products import (
    Described,
    ProductChangedError,
    add_product,
    change_product,
)
from orders.services.stock_levels import LevelChangedError, count_all, count_stock
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.builders import make_item, make_order, make_product, make_stock
from tests.orders.paid_builders import consortium, make_agreement, make_sold

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PRICE = Tariff(Decimal("6.40"), Decimal(20))


@pytest.fixture
def supplier(db):
    return make_person("CSM", on=consortium())


@pytest.fixture
def cell(db):
    return make_person("NAT", domain="distrilog")


def described(code="masque-50", **fields):
    return Described(
        **{"code": code, "label": "Masques", "item": make_item(), "units_per_pack": 50} | fields
    )


def changed(product, **fields):
    return Described(**{name: getattr(product, name) for name in Described.__slots__} | fields)


def test_a_supplier_sells_and_the_cell_gives(supplier, cell):
    sold = add_product(by=supplier, described=described(), tariff=PRICE)
    assert (sold.source, sold.supplier, sold.price) == (
        Source.CONSORTIUM,
        consortium(),
        Decimal("6.40"),
    )
    given = add_product(by=cell, described=described("masque-etat"))
    assert (given.source, given.supplier, given.price) == (Source.STATE, None, None)
    assert Entry.objects.filter(verb="orders.product_added").count() == 2
    with pytest.raises(OrderingError, match="a un prix"):
        add_product(by=supplier, described=described("sans-prix"))
    with pytest.raises(OrderingError, match="n’en ont pas"):
        add_product(by=cell, described=described("avec-prix"), tariff=PRICE)


def test_each_keeps_its_own_products_alone(supplier, cell):
    sold, given = make_sold(), make_product()
    for who, product in ((supplier, given), (cell, sold)):
        with pytest.raises(OrderingError, match="pas de votre catalogue"):
            change_product(
                by=who,
                product=product,
                described=changed(product, label="Autre"),
                seen=Described.of(product).mark,
            )
    with pytest.raises(OrderingError, match="ne tient pas de catalogue"):
        add_product(by=make_person("SPF", domain="distrilog"), described=described())


def test_a_reference_is_that_of_one_product(supplier):
    add_product(by=supplier, described=described(), tariff=PRICE)
    with pytest.raises(OrderingError, match="déjà celle d’un autre"):
        add_product(by=supplier, described=described(), tariff=PRICE)


def test_who_writes_on_an_old_page_is_told_and_changes_nothing(supplier):
    product = make_sold()
    seen = Described.of(product).mark
    change_product(by=supplier, product=product, described=changed(product, rank=3), seen=seen)
    with pytest.raises(ProductChangedError) as refusal:
        change_product(by=supplier, product=product, described=changed(product, rank=5), seen=seen)
    assert refusal.value.product.rank == 3
    assert Entry.objects.filter(verb="orders.product_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_on_one_product_at_once_one_is_told(supplier):
    product = make_sold()
    seen = Described.of(product).mark

    def second():
        other = changed(product, label="Second")
        change_product(by=supplier, product=product, described=other, seen=seen)

    with before_another(second, refused=ProductChangedError) as refusals:
        first = changed(product, label="Premier")
        change_product(by=supplier, product=product, described=first, seen=seen)
    assert len(refusals) == 1
    assert Product.objects.get(pk=product.pk).label == "Premier"


def test_what_was_ordered_keeps_its_packs(supplier):
    product = make_sold()
    make_order(lines=[(product, 100)])
    with pytest.raises(OrderingError, match="a déjà été commandé"):
        change_product(
            by=supplier,
            product=product,
            described=changed(product, units_per_pack=20),
            seen=Described.of(product).mark,
        )


def test_a_count_keeps_what_is_reserved_and_goes_to_the_ledger(supplier):
    stock = make_stock(make_sold(), available=300, reserved=200, holder=consortium())
    count_stock(by=supplier, product=stock.product, counted=900, seen=500)
    stock.refresh_from_db()
    assert (stock.available, stock.reserved) == (700, 200)
    moved = Movement.objects.get(stock=stock)
    assert (moved.quantity, moved.cause) == (-400, "counted")
    with pytest.raises(OrderingError, match="gardées pour des commandes"):
        count_stock(by=supplier, product=stock.product, counted=100)
    with pytest.raises(LevelChangedError):
        count_stock(by=supplier, product=stock.product, counted=900, seen=500)


def test_several_counts_are_all_written_or_none(supplier):
    one = make_sold()
    other = make_stock(make_sold(), available=0, reserved=200, holder=consortium()).product
    with pytest.raises(OrderingError):
        count_all(by=supplier, counted={one: 500, other: 10})
    assert not Stock.objects.filter(product=one).exists()


def test_a_supplier_does_not_count_the_stock_of_the_state(supplier):
    with pytest.raises(OrderingError, match="pas le vôtre"):
        count_stock(by=supplier, product=make_product(), counted=10)


def test_outside_its_dates_nothing_is_sold_and_the_page_says_why(cell):
    today = timezone.localdate()
    assert "fournisseurs habituels" in closed_in_words()
    row = set_agreement(by=cell, body=consortium(), starts_on=today + DAY, ends_on=None)
    assert "vendra ses produits ici à partir du" in closed_in_words()
    assert agreement_on(today) is None
    set_agreement(
        by=cell,
        body=consortium(),
        starts_on=today - 9 * DAY,
        ends_on=today - DAY,
        agreement=row,
        seen=mark_of(row),
    )
    assert "a pris fin le" in closed_in_words()
    assert agreement_on(today - DAY) == row


def test_an_agreement_is_the_cell_s_one_at_a_time_and_its_dates_hold(supplier, cell):
    today, row = timezone.localdate(), make_agreement()
    with pytest.raises(OrderingError, match="cellule nationale"):
        set_agreement(by=supplier, body=consortium(), starts_on=today, ends_on=None)
    with pytest.raises(OrderingError, match="couvre déjà ces dates"):
        set_agreement(by=cell, body=consortium(), starts_on=today, ends_on=None)
    with pytest.raises(OrderingError, match="finit avant"):
        set_agreement(by=cell, body=consortium(), starts_on=today, ends_on=today - DAY)
    with pytest.raises(AgreementChangedError):
        set_agreement(
            by=cell,
            body=consortium(),
            starts_on=today,
            ends_on=None,
            agreement=row,
            seen="2019-01-01|",
        )
