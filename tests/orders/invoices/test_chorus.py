"""Invoices of public buyers on Chorus Pro, against a small one of our own and its bad days."""

import pytest

from orders.chorus import client
from orders.chorus.client import PassingError, RefusedError, account, forget_token
from orders.chorus.recipients import missing_in_words, recipient_of
from orders.models import Deposit, Recipient
from orders.services.deposits import deposit_again, deposit_now, follow_all
from orders.services.errors import OrderingError
from orders.services.invoices import cancel_invoice, issue
from orders.tasks.chorus import AGAIN, deposit_invoice, follow_deposits
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.chorus_server import Chorus
from tests.orders.paid_builders import PUBLIC_SIRET, consortium, make_seller, make_shipped

pytestmark = pytest.mark.django_db
State = Deposit.State
DEPOSIT = "factures/v1/deposer/flux"
HISTORY = "factures/v1/consulter/historique"
SERVICES = [
    {"codeService": "PHARMA", "libelleService": "Pharmacie", "estActif": True},
    {"codeService": "VIEUX", "estActif": False},
]


@pytest.fixture
def chorus(settings):
    server = Chorus().start()
    settings.CHORUS_PRO = server.settings
    yield server
    forget_token(account())
    server.stop()


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


@pytest.fixture
def invoice(chorus, supplier):
    return issue(by=supplier, orders=[make_shipped(public=True)])


def seen(invoice):
    return Deposit.objects.get(invoice=invoice)


def deposited(invoice):
    deposit_invoice(deposit=invoice.deposit.pk)
    follow_all()
    return seen(invoice)


def followed(invoice):
    Deposit.objects.update(checked_at=None)
    follow_all()
    return seen(invoice)


def test_an_invoice_of_a_public_buyer_is_queued_then_deposited(chorus, invoice, queued):
    assert queued("orders.tasks.chorus.deposit_invoice") == [{"deposit": invoice.deposit.pk}]
    assert invoice.deposit.state == State.WAITING
    found = deposited(invoice)
    assert (found.state, bool(found.flow), bool(found.remote_id)) == (State.DEPOSITED, True, True)
    (sent,) = chorus.asked(DEPOSIT)
    assert sent["nomFichier"] == f"{invoice.number}.pdf"


def test_it_is_followed_to_its_payment_each_state_once(chorus, invoice):
    deposited(invoice)
    for code in ("MISE_A_DISPOSITION", "MISE_A_DISPOSITION", "MANDATEE", "MISE_EN_PAIEMENT"):
        chorus.move(invoice.number, code)
        followed(invoice)
    assert [one.state for one in seen(invoice).steps.all()] == [
        State.WAITING,
        State.DEPOSITED,
        State.AVAILABLE,
        State.ORDERED,
        State.IN_PAYMENT,
    ]
    calls = len(chorus.calls)
    followed(invoice)
    assert len(chorus.calls) == calls  # it has ended: nobody asks any more


@pytest.mark.parametrize(
    ("code", "state"), [("REJETEE", State.REJECTED), ("A_RECYCLER", State.TO_RECYCLE)]
)
def test_a_refusal_of_the_recipient_comes_with_its_reason(chorus, invoice, code, state):
    deposited(invoice)
    chorus.move(invoice.number, code, "Numéro d’engagement inconnu")
    found = followed(invoice)
    assert (found.state, found.reason) == (state, "Numéro d’engagement inconnu")


def test_a_deposit_that_chorus_rejects_says_why(chorus, invoice):
    chorus.rejects = "Le code service est inconnu"
    found = deposited(invoice)
    assert (found.state, found.reason) == (State.REJECTED, "Le code service est inconnu")


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


@pytest.mark.parametrize("status", [400, 403, 200])
def test_a_refusal_is_not_tried_again(chorus, invoice, status):
    chorus.failures[DEPOSIT] = [status]
    deposit_invoice(deposit=invoice.deposit.pk)
    assert seen(invoice).state == State.REJECTED
    assert "Chorus Pro refuse" in seen(invoice).reason


def test_a_token_that_expired_is_renewed_once(chorus, invoice):
    deposited(invoice)
    chorus.expire_tokens()
    chorus.move(invoice.number, "MISE_A_DISPOSITION")
    assert followed(invoice).state == State.AVAILABLE
    chorus.failures[HISTORY] = [401, 401]
    assert "refuse (401)" in followed(invoice).problem


def test_a_wrong_account_is_a_refusal_that_tells_no_secret(chorus, settings):
    settings.CHORUS_PRO = chorus.settings | {"client_secret": "faux-secret"}
    with pytest.raises(RefusedError) as refusal:
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


def test_a_credit_note_is_deposited_too(chorus, supplier, invoice):
    credit = cancel_invoice(by=supplier, invoice=invoice, reason="Prix faux")
    assert deposited(credit).state == State.DEPOSITED


def test_without_an_account_the_invoice_is_to_be_deposited_by_hand(supplier, queued):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    assert invoice.deposit.state == State.BY_HAND
    assert queued("orders.tasks.chorus.deposit_invoice") == []
    with pytest.raises(OrderingError, match="à la main"):
        deposit_again(by=supplier, invoice=invoice)
    follow_deposits(timestamp=0)


def test_once_there_is_an_account_what_was_by_hand_is_looked_for_before_it_is_sent(
    supplier, settings, queued
):
    invoice = issue(by=supplier, orders=[make_shipped(public=True)])
    server = Chorus().start()
    settings.CHORUS_PRO = server.settings
    row = {"identifiantFactureCPP": 7, "numeroFacture": invoice.number, "flow": "X"}
    server.invoices[invoice.number] = row | {"statut": "MANDATEE", "comment": ""}
    deposit_again(by=supplier, invoice=invoice)
    (job,) = queued("orders.tasks.chorus.deposit_invoice")
    deposit_invoice(**job)
    assert (seen(invoice).state, server.asked(DEPOSIT)) == (State.ORDERED, [])
    forget_token(account())
    server.stop()


def wants(chorus, **parameters):
    chorus.structures[PUBLIC_SIRET] = (parameters, SERVICES)


@pytest.mark.parametrize(
    ("wanted", "service", "engagement", "missing"),
    [
        ({"codeServiceDoitEtreRenseigne": True}, "", "", {"service_code"}),
        ({"codeServiceDoitEtreRenseigne": True}, "PHARMA", "", set()),
        ({"codeServiceDoitEtreRenseigne": True}, "VIEUX", "", {"service_code"}),
        ({"numeroEJDoitEtreRenseigne": True}, "PHARMA", "", {"engagement"}),
        ({"gestionNumeroEJOuCodeService": True}, "", "", {"engagement"}),
        ({"gestionNumeroEJOuCodeService": True}, "PHARMA", "", set()),
        ({"gestionNumeroEJOuCodeService": True}, "", "EJ1", set()),
        ({}, "", "", set()),
    ],
)
def test_what_the_recipient_wants_is_asked_and_nothing_else(
    chorus, wanted, service, engagement, missing
):
    wants(chorus, **wanted)
    assert set(missing_in_words(PUBLIC_SIRET, service, engagement)) == missing


def test_an_unknown_siret_is_told(chorus):
    assert "ne connaît pas" in missing_in_words(PUBLIC_SIRET, "", "")["siret"]


def test_what_is_known_is_kept_a_day_and_an_outage_asks_nothing_more(chorus):
    wants(chorus, numeroEJDoitEtreRenseigne=True)
    assert recipient_of(PUBLIC_SIRET).needs_engagement
    calls = len(chorus.calls)
    recipient_of(PUBLIC_SIRET)
    assert len(chorus.calls) == calls
    Recipient.objects.update(checked_at="2020-01-01T00:00Z")
    chorus.failures["structures/v1/rechercher"] = [503]
    assert recipient_of(PUBLIC_SIRET).needs_engagement  # the last known
    Recipient.objects.all().delete()
    chorus.failures["structures/v1/rechercher"] = [503]
    assert missing_in_words(PUBLIC_SIRET, "", "") == {}
