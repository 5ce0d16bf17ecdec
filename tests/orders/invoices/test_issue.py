"""Invoices are issued one number after the other, never changed, cancelled by a credit note."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.notices.sealed import unseal
from journal.models import Entry
from orders.invoices.due import to_invoice
from orders.models import Deposit, Invoice, InvoiceFile, InvoiceSeries, Order, OrderLine
from orders.services.credit_notes import cancel_invoice, left_to_credit, lessen_invoice
from orders.services.errors import OrderingError
from orders.services.invoices import issue
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.paid_builders import (
    consortium,
    make_buyer,
    make_seller,
    make_shipped,
    make_sold,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


def test_an_invoice_says_what_was_shipped_at_the_price_of_the_day_it_was_ordered(supplier):
    masks, gloves = make_sold("6.40"), make_sold("3.33", tax_rate=Decimal("5.5"))
    order = make_shipped(lines=[(masks, 10), (gloves, 3)])
    masks.price = Decimal(99)
    masks.save()
    invoice = issue(by=supplier, orders=[order])
    assert [(one.packs, one.price, one.net) for one in invoice.lines.all()] == [
        (10, Decimal("6.40"), Decimal("64.00")),
        (3, Decimal("3.33"), Decimal("9.99")),
    ]
    assert (invoice.net, invoice.tax, invoice.gross) == (
        Decimal("73.99"),
        Decimal("13.35"),
        Decimal("87.34"),
    )
    assert invoice.due_on == invoice.issued_on + timedelta(days=30)
    entry = Entry.objects.get(verb="orders.invoice_issued")
    assert (entry.target, entry.details["orders"]) == (invoice.number, [order.number])


def test_what_was_not_shipped_is_not_billed(supplier):
    order = make_shipped(lines=[(make_sold(), 10)])
    OrderLine.objects.filter(order=order).update(shipped=150)
    assert issue(by=supplier, orders=[order]).lines.get().packs == 3


def test_several_orders_of_a_buyer_make_one_invoice_of_two_buyers_they_do_not(supplier):
    buyer = make_buyer()
    one, two, other = make_shipped(buyer), make_shipped(buyer), make_shipped()
    with pytest.raises(OrderingError, match="pas le même client"):
        issue(by=supplier, orders=[one, other])
    other_desk = make_shipped(buyer, service_code="PHARMACIE")
    with pytest.raises(OrderingError, match="code service"):
        issue(by=supplier, orders=[one, other_desk])
    assert issue(by=supplier, orders=[one, two]).lines.count() == 2


def test_an_order_is_invoiced_once_until_its_invoice_is_cancelled(supplier):
    order = make_shipped()
    first = issue(by=supplier, orders=[order])
    with pytest.raises(OrderingError, match="déjà facturée"):
        issue(by=supplier, orders=[order])
    cancel_invoice(by=supplier, invoice=first, reason="Erreur de client")
    assert issue(by=supplier, orders=[order]).rank == 3


@pytest.mark.parametrize("state", [Order.State.SUBMITTED, Order.State.PREPARING])
def test_what_has_not_left_is_not_invoiced(supplier, state):
    order = make_shipped(state=state)
    OrderLine.objects.filter(order=order).update(shipped=0)
    assert list(to_invoice(supplier)) == []
    with pytest.raises(OrderingError, match="pas encore expédiée"):
        issue(by=supplier, orders=[order])


def shipped(order, units):
    OrderLine.objects.filter(order=order).update(shipped=units)


def packs_of(invoice):
    return [one.packs for one in invoice.lines.all()]


def test_each_departure_of_an_order_is_invoiced_once_and_what_never_leaves_never_is(supplier):
    order = make_shipped(lines=[(make_sold(), 10)], state=Order.State.PARTLY_SHIPPED)
    shipped(order, 200)
    first = issue(by=supplier, orders=[order])
    assert packs_of(first) == [4]
    assert list(to_invoice(supplier)) == []
    shipped(order, 349)  # not yet three packs more
    second = issue(by=supplier, orders=[order])
    assert packs_of(second) == [2]
    shipped(order, 500)
    assert packs_of(issue(by=supplier, orders=[order])) == [4]
    with pytest.raises(OrderingError, match="déjà facturée"):
        issue(by=supplier, orders=[order])
    cancel_invoice(by=supplier, invoice=first, reason="Adresse fausse")
    assert packs_of(issue(by=supplier, orders=[order])) == [4]


def test_several_orders_on_one_invoice_came_in_one_month(supplier):
    buyer = make_buyer()
    late, early = make_shipped(buyer), make_shipped(buyer)
    before = timezone.now() - timedelta(days=40)
    early.shipments.update(shipped_at=before, delivered_at=before)
    with pytest.raises(OrderingError, match="un seul mois"):
        issue(by=supplier, orders=[late, early])
    assert issue(by=supplier, orders=[early]).delivered_on == timezone.localdate(before)


def test_packs_that_nobody_owes_are_taken_off_and_not_invoiced_again(supplier):
    masks, gloves = make_sold("6.40"), make_sold("3.33", tax_rate=Decimal("5.5"))
    order = make_shipped(lines=[(masks, 10), (gloves, 3)])
    invoice = issue(by=supplier, orders=[order])
    first, second = invoice.lines.all()
    credit = lessen_invoice(
        by=supplier, invoice=invoice, packs={first.pk: 2, second.pk: 0}, reason="Deux manquants"
    )
    assert (credit.number, credit.lessens, credit.cancels) == (f"A-{YEAR}-000002", invoice, None)
    assert (credit.net, credit.tax, credit.gross) == (
        Decimal("12.80"),
        Decimal("2.56"),
        Decimal("15.36"),
    )
    assert [count for _, count in left_to_credit(invoice)] == [8, 3]
    assert list(to_invoice(supplier)) == []
    assert Entry.objects.get(verb="orders.invoice_lessened").details["cancels"] == invoice.number
    with pytest.raises(OrderingError, match="déjà diminué"):
        cancel_invoice(by=supplier, invoice=invoice, reason="Fausse")


@pytest.mark.parametrize("count", [9, -1])
def test_never_more_packs_are_taken_off_than_are_left(supplier, count):
    invoice = issue(by=supplier, orders=[make_shipped()])
    line = invoice.lines.get()
    lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: 2}, reason="Manquants")
    with pytest.raises(OrderingError, match="8 colis au plus"):
        lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: count}, reason="Abîmés")
    for packs in ({}, {line.pk: 0}):
        with pytest.raises(OrderingError, match="combien de colis"):
            lessen_invoice(by=supplier, invoice=invoice, packs=packs, reason="Abîmés")
    with pytest.raises(OrderingError, match="Dites pourquoi"):
        lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: 1}, reason=" ")


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_off_the_same_packs_at_once_do_not_take_them_twice(supplier):
    invoice = issue(by=supplier, orders=[make_shipped()])
    packs = {invoice.lines.get().pk: 6}

    def second():
        lessen_invoice(by=supplier, invoice=invoice, packs=packs, reason="Manquants")

    with before_another(second, refused=OrderingError) as refusals:
        lessen_invoice(by=supplier, invoice=invoice, packs=packs, reason="Manquants")
    assert (len(refusals), Invoice.objects.count()) == (1, 2)


def test_a_cancelled_invoice_is_not_lessened_nor_that_of_another_supplier(supplier):
    invoice = issue(by=supplier, orders=[make_shipped()])
    line = invoice.lines.get()
    stranger = make_person("NAT", domain="distrilog")
    with pytest.raises(OrderingError, match="n’émet pas"):
        lessen_invoice(by=stranger, invoice=invoice, packs={line.pk: 1}, reason="Non")
    cancel_invoice(by=supplier, invoice=invoice, reason="Fausse")
    with pytest.raises(OrderingError, match="déjà annulée"):
        lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: 1}, reason="Manquant")


def test_numbers_follow_each_other_without_gap_and_begin_again_each_year(supplier):
    orders = [make_shipped() for _ in range(3)]
    with pytest.raises(OrderingError):
        issue(by=supplier, orders=[orders[0], make_shipped()])
    numbers = [
        issue(by=supplier, orders=[one], today=date(year, 12, 31)).number
        for one, year in zip(orders, (2020, 2020, 2021), strict=True)
    ]
    assert numbers == ["F-2020-000001", "F-2020-000002", "F-2021-000001"]


@pytest.mark.django_db(transaction=True)
def test_an_invoice_undone_leaves_no_gap(supplier):
    order = make_shipped()
    with transaction.atomic():
        issue(by=supplier, orders=[order])
        transaction.set_rollback(True)
    assert issue(by=supplier, orders=[order]).rank == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_invoice_an_order_at_once_one_does(supplier):
    order = make_shipped()

    def second():
        issue(by=supplier, orders=[order])

    with before_another(second, refused=OrderingError) as refusals:
        issue(by=supplier, orders=[order])
    assert (len(refusals), Invoice.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_invoices_at_once_have_two_numbers(supplier):
    one, other = make_shipped(), make_shipped()
    InvoiceSeries.objects.create(body=consortium(), year=YEAR)
    with before_another(lambda: issue(by=supplier, orders=[other])):
        issue(by=supplier, orders=[one])
    assert sorted(Invoice.objects.values_list("rank", flat=True)) == [1, 2]


def test_an_invoice_is_never_changed_nor_deleted(supplier):
    invoice = issue(by=supplier, orders=[make_shipped()])
    for attempt in (
        lambda: Invoice.objects.update(gross=1, net=1, tax=0),
        lambda: invoice.lines.update(label="Autre"),
        lambda: InvoiceFile.objects.update(digest=""),
        lambda: InvoiceFile.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            attempt()


def test_a_credit_note_cancels_all_of_it_once_with_its_reason(supplier):
    invoice = issue(by=supplier, orders=[make_shipped()])
    with pytest.raises(OrderingError, match="Dites pourquoi"):
        cancel_invoice(by=supplier, invoice=invoice, reason="  ")
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")
    assert (credit.number, credit.gross) == (f"A-{YEAR}-000002", invoice.gross)
    assert cancel_invoice(by=supplier, invoice=invoice, reason="Encore") == credit
    with pytest.raises(OrderingError, match="Seule une facture"):
        cancel_invoice(by=supplier, invoice=credit, reason="Non")


def test_nothing_is_issued_before_one_says_who_issues(db):
    supplier = make_person("CSM", on=consortium())
    with pytest.raises(OrderingError, match="qui émet"):
        issue(by=supplier, orders=[make_shipped()])


def test_only_a_supplier_issues(supplier):
    for code in ("NAT", "OCE", "SPF"):
        person = make_person(code, domain="distrilog")
        with pytest.raises(OrderingError, match="n’émet pas"):
            issue(by=person, orders=[make_shipped()])


def test_a_private_buyer_receives_the_link_and_a_public_one_chorus_pro(supplier, queued):
    private = issue(by=supplier, orders=[make_shipped(email="compta@ehpad.example")])
    assert not Deposit.objects.exists()
    (letter,) = [unseal(one["sealed"]) for one in queued("accounts.tasks.send_sealed")]
    assert letter.to == ["compta@ehpad.example"]
    assert private.number in letter.subject
    assert f"/distrilog/factures/{private.pk}/" in letter.body
    public = issue(by=supplier, orders=[make_shipped(public=True)])
    assert public.deposit.state == Deposit.State.BY_HAND
    assert len(queued("accounts.tasks.send_sealed")) == 1
    assert mail.outbox == []


def test_who_reads_an_invoice(supplier):
    buyer = make_buyer()
    invoice = issue(by=supplier, orders=[make_shipped(buyer)])

    def reads(person):
        return invoice in Invoice.objects.for_user(person, to="inv.read")

    assert reads(supplier)
    assert reads(make_person("OCE", on=buyer.establishment))
    assert reads(make_person("APE", on=buyer.establishment))
    assert reads(make_person("NAT", domain="distrilog"))
    assert not reads(make_person("OCE"))
    assert not reads(make_person("LPO"))
    assert not reads(make_person("ARA"))
