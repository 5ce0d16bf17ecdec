"""Credit notes follow what became of their invoice there."""

import pytest

from orders.chorus.client import PassingError
from orders.models import Deposit
from orders.services.credit_notes import cancel_invoice, lessen_invoice
from orders.services.deposits import deposit_again
from orders.services.errors import OrderingError
from orders.tasks.chorus import deposit_invoice
from tests.orders.invoices.chorus.steps import DEPOSIT, State, deposited, followed, seen

pytestmark = pytest.mark.django_db


def test_a_credit_note_of_what_chorus_received_is_deposited_too(chorus, supplier, invoice):
    deposited(invoice)
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")
    assert deposited(credit).state == State.DEPOSITED


def test_what_is_cancelled_before_it_left_is_never_deposited(chorus, supplier, invoice):
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")
    assert seen(invoice).state == State.WITHDRAWN
    assert not Deposit.objects.filter(invoice=credit).exists()
    deposit_invoice(deposit=invoice.deposit.pk)
    assert chorus.asked(DEPOSIT) == []
    with pytest.raises(OrderingError, match="annulée par un avoir"):
        deposit_again(by=supplier, invoice=invoice)


@pytest.mark.parametrize("code", ["REJETEE", "A_RECYCLER"])
def test_the_credit_note_of_an_invoice_that_nobody_will_pay_stays_here(
    chorus, supplier, invoice, code
):
    deposited(invoice)
    chorus.move(invoice.number, code, "Engagement inconnu")
    state = followed(invoice).state
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Engagement faux")
    assert not Deposit.objects.filter(invoice=credit).exists()
    assert seen(invoice).state == state


def test_an_invoice_in_doubt_is_not_cancelled_before_it_is_known(chorus, supplier, invoice):
    chorus.lost = 1
    with pytest.raises(PassingError):
        deposit_invoice(deposit=invoice.deposit.pk)
    with pytest.raises(OrderingError, match="pas encore dit"):
        cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")


def test_an_invoice_is_lessened_once_chorus_has_it(chorus, supplier, invoice):
    line = invoice.lines.get()
    with pytest.raises(OrderingError, match="annulez-la plutôt"):
        lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: 2}, reason="Manquants")
    deposited(invoice)
    credit = lessen_invoice(by=supplier, invoice=invoice, packs={line.pk: 2}, reason="Manquants")
    assert deposited(credit).state == State.DEPOSITED
