"""Without an account, people deposit by hand and say so."""

import pytest

from orders.chorus.client import account, forget_token
from orders.services.deposits import deposit_again, deposited_by_hand
from orders.services.errors import OrderingError
from orders.services.invoices import issue
from orders.tasks.chorus import deposit_invoice, follow_deposits
from tests.orders.chorus_server import Chorus
from tests.orders.invoices.chorus.steps import DEPOSIT, State, followed, seen
from tests.orders.paid_builders import make_shipped

pytestmark = pytest.mark.django_db


def test_without_an_account_the_invoice_is_to_be_deposited_by_hand(supplier, queued):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    assert invoice.deposit.state == State.BY_HAND
    assert queued("orders.tasks.chorus.deposit_invoice") == []
    with pytest.raises(OrderingError, match="à la main"):
        deposit_again(by=supplier, invoice=invoice)
    follow_deposits(timestamp=0)


def test_who_deposited_it_by_hand_says_so(supplier):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    for _ in range(2):
        deposited_by_hand(by=supplier, invoice=invoice)
    found = seen(invoice)
    assert found.state == State.DEPOSITED
    assert f"à la main, par {supplier}" in found.steps.last().text
    assert found.steps.count() == 2


def test_what_was_put_there_by_hand_is_followed_by_its_number(supplier, chorus, settings):
    opened = settings.CHORUS_PRO
    settings.CHORUS_PRO = opened | {"client_id": ""}
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    deposited_by_hand(by=supplier, invoice=invoice)
    settings.CHORUS_PRO = opened
    row = {"identifiantFactureCPP": 7, "numeroFacture": invoice.number, "flow": "portail"}
    chorus.invoices[invoice.number] = row | {"statut": "MANDATEE", "steps": []}
    assert followed(invoice).state == State.ORDERED


def test_once_there_is_an_account_what_was_by_hand_is_looked_for_before_it_is_sent(
    supplier, settings, queued
):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    server = Chorus().start()
    settings.CHORUS_PRO = server.settings
    row = {"identifiantFactureCPP": 7, "numeroFacture": invoice.number, "flow": "X"}
    server.invoices[invoice.number] = row | {"statut": "MANDATEE", "steps": []}
    deposit_again(by=supplier, invoice=invoice)
    (job,) = queued("orders.tasks.chorus.deposit_invoice")
    deposit_invoice(**job)
    assert (seen(invoice).state, server.asked(DEPOSIT)) == (State.ORDERED, [])
    forget_token(account())
    server.stop()
