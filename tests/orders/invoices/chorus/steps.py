"""What one does with a deposit, then reads of it."""

from orders.models import Deposit
from orders.services.deposits import follow_all
from orders.tasks.chorus import deposit_invoice

State = Deposit.State
DEPOSIT = "factures/v1/deposer/flux"
HISTORY = "factures/v1/consulter/historique"
SEARCH = "factures/v1/rechercher/fournisseur"


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
