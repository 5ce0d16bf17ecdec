"""Invoices of public buyers on Chorus Pro, against a small one of our own and its bad days."""

import pytest

from orders.chorus import client
from orders.chorus.client import AccountError, PassingError, account, forget_token
from orders.chorus.recipients import ask_again, missing_in_words, recipient_of
from orders.models import Deposit, Recipient
from orders.services.credit_notes import cancel_invoice, lessen_invoice
from orders.services.deposits import deposit_again, deposit_now, deposited_by_hand, follow_all
from orders.services.errors import OrderingError
from orders.services.invoices import issue
from orders.tasks.chorus import AGAIN, deposit_invoice, follow_deposits
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.chorus_server import Chorus
from tests.orders.paid_builders import PUBLIC_SIRET, consortium, make_seller, make_shipped

pytestmark = pytest.mark.django_db
State = Deposit.State
DEPOSIT = "factures/v1/deposer/flux"
HISTORY = "factures/v1/consulter/historique"
SEARCH = "factures/v1/rechercher/fournisseur"
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
    ask_again()
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
    ("code", "state"),
    [
        ("REJETEE", State.REJECTED),
        ("A_RECYCLER", State.TO_RECYCLE),
        ("SUSPENDUE", State.SUSPENDED),
    ],
)
def test_a_refusal_of_the_recipient_comes_with_its_reason(chorus, invoice, code, state):
    deposited(invoice)
    chorus.move(invoice.number, code, "Un premier motif")
    chorus.move(invoice.number, "MISE_A_DISPOSITION", "Reçue")
    chorus.move(invoice.number, code, "Numéro d’engagement inconnu")
    found = followed(invoice)
    assert (found.state, found.reason) == (state, "Numéro d’engagement inconnu")


def test_what_was_recycled_there_goes_on_without_its_old_reason(chorus, invoice):
    deposited(invoice)
    chorus.move(invoice.number, "A_RECYCLER", "Code service fermé")
    followed(invoice)
    chorus.move(invoice.number, "MISE_A_DISPOSITION")
    found = followed(invoice)
    assert (found.state, found.reason) == (State.AVAILABLE, "")


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("DEPOSEE", State.DEPOSITED),
        ("EN_COURS_ACHEMINEMENT", State.FORWARDED),
        ("MISE_A_DISPOSITION", State.AVAILABLE),
        ("PRISE_EN_COMPTE_DESTINATAIRE", State.AVAILABLE),
        ("COMPLETEE", State.AVAILABLE),
        ("SERVICE_FAIT", State.APPROVED),
        ("SERVICE-FAIT", State.APPROVED),
        ("MANDATEE", State.ORDERED),
        ("MISE_A_DISPOSITION_COMPTABLE", State.ORDERED),
        ("COMPTABILISEE", State.ORDERED),
        ("MISE_EN_PAIEMENT", State.IN_PAYMENT),
        ("A_COMPLETER", State.SUSPENDED),
        ("CODE_DE_DEMAIN", State.DEPOSITED),
    ],
)
def test_each_status_of_chorus_is_read_and_an_unknown_one_changes_nothing(
    chorus, invoice, code, state
):
    deposited(invoice)
    chorus.move(invoice.number, code)
    assert followed(invoice).state == state


def test_a_deposit_that_chorus_does_not_take_in_says_why_and_is_made_again(
    chorus, supplier, invoice, queued
):
    chorus.rejects = "Le code service est inconnu"
    found = deposited(invoice)
    assert (found.state, found.reason) == (State.REFUSED, "Le code service est inconnu")
    chorus.rejects = ""
    deposit_again(by=supplier, invoice=invoice)
    assert len(queued("orders.tasks.chorus.deposit_invoice")) == 2
    found = deposited(invoice)
    assert (found.state, found.reason, bool(found.remote_id)) == (State.DEPOSITED, "", True)
    assert len(chorus.asked(DEPOSIT)) == 2
    with pytest.raises(OrderingError, match="rien à refaire"):
        deposit_again(by=supplier, invoice=invoice)


def test_a_deposit_that_chorus_lost_is_made_again(chorus, supplier, invoice):
    chorus.report = "IN_INCIDENTE"
    assert deposited(invoice).state == State.REFUSED
    chorus.report = "IN_INTEGRE"
    deposit_again(by=supplier, invoice=invoice)
    assert deposited(invoice).state == State.DEPOSITED


def test_a_deposit_that_is_still_read_there_is_asked_again_later(chorus, invoice):
    chorus.report = "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"
    found = deposited(invoice)
    assert (found.state, found.remote_id) == (State.DEPOSITED, "")


def test_what_is_there_already_is_followed_instead_of_refused(chorus, supplier, invoice):
    """Somebody put the document on the portal too: the second deposit is a double."""
    row = {"identifiantFactureCPP": 7, "numeroFacture": invoice.number, "flow": "portail"}
    chorus.invoices[invoice.number] = row | {"statut": "MISE_A_DISPOSITION", "steps": []}
    found = deposited(invoice)
    assert (found.state, found.remote_id) == (State.AVAILABLE, "7")


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


def test_a_structure_that_is_closed_there_is_told_as_unknown(chorus):
    wants(chorus)
    chorus.closed = True
    assert "ne connaît pas" in missing_in_words(PUBLIC_SIRET, "", "")["siret"]


def test_every_service_of_a_large_hospital_is_known(chorus):
    many = [{"codeService": f"S{n}", "estActif": True} for n in range(40)]
    chorus.structures[PUBLIC_SIRET] = ({"codeServiceDoitEtreRenseigne": True}, many)
    assert missing_in_words(PUBLIC_SIRET, "S39", "") == {}
    assert set(missing_in_words(PUBLIC_SIRET, "S40", "")) == {"service_code"}


def test_what_is_known_is_kept_a_day_and_an_outage_asks_nothing_more(chorus):
    wants(chorus, numeroEJDoitEtreRenseigne=True)
    assert recipient_of(PUBLIC_SIRET).needs_engagement
    calls = len(chorus.calls)
    recipient_of(PUBLIC_SIRET)
    assert len(chorus.calls) == calls
    Recipient.objects.update(checked_at="2020-01-01T00:00Z")
    chorus.failures["structures/v1/rechercher"] = [503]
    assert recipient_of(PUBLIC_SIRET).needs_engagement  # the last known
    ask_again()
    Recipient.objects.all().delete()
    chorus.failures["structures/v1/rechercher"] = [503]
    assert missing_in_words(PUBLIC_SIRET, "", "") == {}


def test_one_that_does_not_answer_is_left_alone_for_a_while(chorus):
    """Whoever reads their basket again must not wait for it each time."""
    wants(chorus)
    chorus.failures["structures/v1/rechercher"] = [503]
    recipient_of(PUBLIC_SIRET)
    calls = len(chorus.calls)
    recipient_of(PUBLIC_SIRET)
    assert len(chorus.calls) == calls
    ask_again()
    assert recipient_of(PUBLIC_SIRET).is_known
