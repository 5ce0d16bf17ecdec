"""One deposit and one alone, whatever is lost or killed."""

import pytest

from orders.chorus.client import PassingError
from orders.models import Deposit
from orders.services.deposits import deposit_now
from orders.tasks.chorus import deposit_invoice
from tests.locks import before_another
from tests.orders.invoices.chorus.steps import DEPOSIT, State, deposited, seen

pytestmark = pytest.mark.django_db


def test_deposited_twice_it_is_sent_once(chorus, invoice):
    deposited(invoice)
    deposited(invoice)
    assert len(chorus.asked(DEPOSIT)) == 1


def test_an_answer_that_was_lost_does_not_make_a_second_deposit(chorus, invoice):
    chorus.lost = 1
    with pytest.raises(PassingError):
        deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.SENDING
    deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.DEPOSITED
    assert len(chorus.asked(DEPOSIT)) == 1
    assert len(chorus.invoices) == 1


def test_a_worker_killed_after_the_call_does_not_make_a_second_deposit(chorus, invoice):
    deposit_now(invoice.deposit.pk)
    Deposit.objects.update(state=State.SENDING, flow="")  # what it had committed before it died
    deposit_now(invoice.deposit.pk)
    assert len(chorus.asked(DEPOSIT)) == 1
    assert seen(invoice).remote_id


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_deposits(chorus, invoice):
    with before_another(lambda: deposit_now(invoice.deposit.pk)):
        deposit_now(invoice.deposit.pk)
    assert len(chorus.asked(DEPOSIT)) == 1


@pytest.mark.django_db(transaction=True)
def test_who_asks_again_during_a_deposit_waits_for_its_end(chorus, invoice):
    """The first has said that it begins and is still in the call."""
    Deposit.objects.update(state=State.SENDING)
    with before_another(lambda: deposit_now(invoice.deposit.pk)):
        deposit_now(invoice.deposit.pk)
    assert len(chorus.asked(DEPOSIT)) == 1
