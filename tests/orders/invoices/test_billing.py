"""Whom to bill is corrected by the buyer or the supplier, until all that is due is invoiced."""

from dataclasses import replace

import pytest
from django.urls import reverse

from journal.models import Entry
from orders.consortium.payers import payer_told
from orders.models import Billing, Deposit, Order, OrderLine
from orders.services.billings import BillingChangedError, correct_billing
from orders.services.credit_notes import cancel_invoice
from orders.services.errors import OrderingError
from orders.services.invoices import issue
from orders.services.paid_orders import MissingBillingError
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.chorus_server import Chorus
from tests.orders.pages import filled, logged_in, text_of
from tests.orders.paid_builders import (
    PUBLIC_SIRET,
    consortium,
    make_buyer,
    make_seller,
    make_shipped,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


@pytest.fixture
def buyer(db):
    return make_buyer(public=True)


@pytest.fixture
def order(buyer):
    return make_shipped(buyer, public=True, engagement="EJ-FAUX")


@pytest.fixture
def operator(buyer):
    return make_person("OCE", on=buyer.establishment)


def corrected(order, by, **fields):
    told = payer_told(Billing.objects.get(order=order))
    return correct_billing(by=by, order=order, payer=replace(told, **fields), seen=told.mark)


def test_a_rejected_invoice_is_cancelled_corrected_and_issued_again(supplier, order):
    first = issue(by=supplier, orders=[order])
    Deposit.objects.filter(invoice=first).update(state=Deposit.State.REJECTED)
    cancel_invoice(by=supplier, invoice=first, reason="Engagement inconnu")
    corrected(order, supplier, engagement="EJ-JUSTE")
    second = issue(by=supplier, orders=[order])
    assert first.billed_to["engagement"] == "EJ-FAUX"
    assert second.billed_to["engagement"] == "EJ-JUSTE"
    entry = Entry.objects.get(verb="orders.billing_corrected")
    assert entry.details["before"] == {"engagement": "EJ-FAUX"}
    assert entry.details["after"] == {"engagement": "EJ-JUSTE"}
    assert order.steps.last().text == "Facturation corrigée."


def test_the_buyer_corrects_it_before_it_is_invoiced(order, operator, supplier):
    corrected(order, operator, service_code="PHARMACIE")
    issue(by=supplier, orders=[order])
    for person in (operator, supplier):
        with pytest.raises(OrderingError, match="rien à corriger"):
            corrected(order, person, service_code="AUTRE")


def test_what_is_left_to_ship_can_be_billed_otherwise(order, operator, supplier):
    OrderLine.objects.filter(order=order).update(shipped=100)
    issue(by=supplier, orders=[order])
    assert corrected(order, operator, engagement="EJ-2").engagement == "EJ-2"


def test_nothing_is_corrected_of_an_order_that_is_over(order, operator):
    OrderLine.objects.filter(order=order).update(shipped=0)
    Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
    order.refresh_from_db()
    with pytest.raises(OrderingError, match="rien à corriger"):
        corrected(order, operator, engagement="EJ-2")


def test_the_same_again_writes_nothing(order, operator):
    corrected(order, operator)
    assert not Entry.objects.filter(verb="orders.billing_corrected").exists()


@pytest.mark.parametrize("code", ["OCE", "ARA", "NAT", "SPF", "APE"])
def test_nobody_else_corrects_it(order, code):
    person = make_person(code, domain="distrilog" if code in ("NAT", "SPF") else None)
    with pytest.raises(OrderingError, match="ne corrige pas"):
        corrected(order, person, engagement="EJ-2")


def test_who_corrects_on_an_old_page_is_told(order, operator):
    told = payer_told(order.billing)
    corrected(order, operator, engagement="EJ-2")
    with pytest.raises(BillingChangedError):
        correct_billing(by=operator, order=order, payer=told, seen=told.mark)


def test_what_chorus_wants_of_the_buyer_is_asked_here_too(order, operator, settings):
    chorus = Chorus().start()
    settings.CHORUS_PRO = chorus.settings
    chorus.structures[PUBLIC_SIRET] = ({"codeServiceDoitEtreRenseigne": True}, [])
    with pytest.raises(MissingBillingError):
        corrected(order, operator, engagement="EJ-2")
    assert corrected(order, operator, service_code="PHARMA").service_code == "PHARMA"
    chorus.stop()


def test_the_page_keeps_what_was_typed_and_goes_back_where_one_was(order, operator, supplier):
    address = reverse("orders:billing", args=[order.pk])
    for person, back in (
        (operator, reverse("orders:order", args=[order.pk])),
        (supplier, reverse("orders:invoices_due")),
    ):
        client = logged_in(person)
        page = client.get(address)
        assert_sound_html(page)
        sent = filled(page.context["form"])
        refused = client.post(address, sent | {"siret": "12", "town": "BLOIS"})
        assert refused.status_code == 422
        assert 'value="BLOIS"' in text_of(refused)
        engagement = f"EJ-{person.pk}"
        assert client.post(address, sent | {"engagement": engagement})["Location"] == back
        stale = client.post(address, sent | {"engagement": "EJ-VIEUX"})
        assert stale.status_code == 409
        assert_sound_html(stale)
        assert Billing.objects.get(order=order).engagement == engagement


def test_outside_it_does_not_exist_and_who_reads_does_not_correct(order, buyer):
    address = reverse("orders:billing", args=[order.pk])
    stranger = logged_in(make_person("OCE", on=make_buyer().establishment))
    assert stranger.get(address).status_code == 404
    region = logged_in(make_person("ARA", on=buyer.region))
    assert region.get(address).status_code == 403
    reader = logged_in(make_person("APE", on=buyer.establishment))
    assert reader.get(address).status_code == 403


def test_once_all_is_invoiced_the_page_says_so(order, operator, supplier):
    issue(by=supplier, orders=[order])
    answer = logged_in(operator).get(reverse("orders:billing", args=[order.pk]), follow=True)
    assert "rien à corriger" in text_of(answer)
