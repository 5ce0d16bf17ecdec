"""Its bad days: passing, lasting, silent."""

import pytest

from orders.chorus import client
from orders.chorus.client import AccountError, PassingError
from orders.models import Deposit
from orders.services.deposits import follow_all
from orders.services.invoices import issue
from orders.tasks.chorus import AGAIN, deposit_invoice
from tests.orders.invoices.chorus.steps import (
    DEPOSIT,
    HISTORY,
    SEARCH,
    State,
    deposited,
    followed,
    seen,
)
from tests.orders.paid_builders import make_shipped

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [500, 503, 429, 408, None])
def test_a_passing_failure_is_told_and_tried_again(chorus, invoice, status):
    chorus.failures[DEPOSIT] = [status]
    with pytest.raises(PassingError):
        deposit_invoice(deposit=invoice.deposit.pk)
    waiting = seen(invoice)
    assert waiting.state in (State.WAITING, State.SENDING)
    assert (waiting.tries, bool(waiting.problem)) == (1, True)
    deposit_invoice(deposit=invoice.deposit.pk)
    assert (seen(invoice).state, seen(invoice).problem) == (State.DEPOSITED, "")
    assert len(chorus.invoices) == 1


def test_the_task_waits_longer_and_longer():
    assert AGAIN.max_attempts == 9
    assert AGAIN.exponential_wait == 4


@pytest.mark.parametrize("status", [400, 200])
def test_a_refusal_is_not_tried_again(chorus, invoice, status):
    chorus.failures[DEPOSIT] = [status]
    deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.REFUSED
    assert "Chorus Pro refuse" in seen(invoice).reason


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_an_account_that_is_not_let_in_is_no_refusal_of_the_invoice(chorus, invoice, status):
    """A password that expired must not say « rejetée »: it is tried again, and told."""
    chorus.failures[DEPOSIT] = [status, status]
    with pytest.raises(AccountError):
        deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.WAITING
    assert f"n’ouvre pas l’accès ({status})" in seen(invoice).problem
    chorus.failures[DEPOSIT] = []
    deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.DEPOSITED


def test_an_answer_without_a_number_is_in_doubt(chorus, invoice):
    chorus.failures[DEPOSIT] = ["vide"]
    with pytest.raises(PassingError, match="numéro de dépôt"):
        deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.SENDING


@pytest.mark.parametrize("status", [503, 403, None])
def test_in_doubt_it_stays_so_until_it_could_be_looked_for(chorus, invoice, status):
    """The search fails: nothing proves that it did not arrive, so nothing is sent again."""
    chorus.lost = 1
    with pytest.raises(PassingError):
        deposit_invoice(deposit=invoice.deposit.pk)
    chorus.failures[SEARCH] = [status]
    with pytest.raises(PassingError):
        deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.SENDING
    deposit_invoice(deposit=invoice.deposit.pk)
    assert (seen(invoice).state, len(chorus.asked(DEPOSIT))) == (State.DEPOSITED, 1)


def test_a_token_that_expired_is_renewed_once(chorus, invoice):
    deposited(invoice)
    chorus.expire_tokens()
    chorus.move(invoice.number, "MISE_A_DISPOSITION")
    assert followed(invoice).state == State.AVAILABLE
    chorus.failures[HISTORY] = [401, 401]
    assert "n’ouvre pas l’accès (401)" in followed(invoice).problem


def test_a_wrong_account_is_told_without_its_secret(chorus, settings):
    settings.CHORUS_PRO = chorus.settings | {"client_secret": "faux-secret"}
    with pytest.raises(AccountError) as refusal:
        client.call(HISTORY, {"idFacture": 1})
    assert "faux-secret" not in str(refusal.value)


def test_while_it_is_down_what_is_followed_stays_as_it_was(chorus, invoice):
    deposited(invoice)
    chorus.failures[HISTORY] = [503]
    found = followed(invoice)
    assert (found.state, "en panne" in found.problem) == (State.DEPOSITED, True)
    chorus.move(invoice.number, "SUSPENDUE")
    assert followed(invoice).state == State.SUSPENDED


def test_one_that_fails_does_not_keep_the_others_from_being_followed(chorus, supplier, invoice):
    other = issue(by=supplier, orders=[make_shipped(public=True)])
    deposited(invoice)
    deposited(other)
    chorus.failures[HISTORY] = [500]
    for one in (invoice, other):
        chorus.move(one.number, "MANDATEE")
    Deposit.objects.update(checked_at=None)
    assert follow_all() == 1


def test_after_three_silences_the_others_wait_for_the_next_round(chorus, supplier, invoice):
    others = [issue(by=supplier, orders=[make_shipped(public=True)]) for _ in range(4)]
    for one in (invoice, *others):
        deposited(one)
    chorus.failures[HISTORY] = [503] * 9
    Deposit.objects.update(checked_at=None)
    follow_all()
    assert len(chorus.asked(HISTORY)) == 3
    assert Deposit.objects.filter(checked_at=None).count() == 2
