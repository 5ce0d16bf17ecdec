"""What Chorus Pro says of a deposit is followed, each state once."""

import pytest

from orders.services.deposits import deposit_again
from orders.services.errors import OrderingError
from tests.orders.invoices.chorus.steps import DEPOSIT, State, deposited, followed, seen

pytestmark = pytest.mark.django_db


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
