"""On the home page: for the supplier what is to invoice, and what its buyers refused."""

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.models import Deposit, Invoice
from orders.services.invoices import to_invoice

ORDER = 46
REFUSED = (Deposit.State.REJECTED, Deposit.State.TO_RECYCLE)


def invoice_cards(user: User) -> list[Card]:
    if not user.may(Action.INV_ISSUE):
        return []
    return [*_refused(user), *_due(user)]


def _refused(user: User) -> list[Card]:
    rows = Invoice.objects.for_user(user, to=Action.INV_ISSUE)
    rows = rows.filter(cancelled_by__isnull=True, deposit__state__in=REFUSED)
    if not (count := rows.count()):
        return []
    s = "s" if count > 1 else ""
    title = f"{format_integer(count)}\u00a0facture{s} refusée{s} sur Chorus Pro"
    detail = "Le motif est sur la facture\u00a0: un avoir l’annule, puis on facture de nouveau."
    address = f"{reverse('orders:invoices')}?etat=rejected"
    return [Card(Kind.LATE, title, detail, "", "Lire les motifs", address, ORDER)]


def _due(user: User) -> list[Card]:
    if not (count := to_invoice(user).count()):
        return []
    s = "s" if count > 1 else ""
    title = f"{format_integer(count)}\u00a0commande{s} à facturer"
    detail = "Expédiée, pas encore facturée." if count == 1 else "Expédiées, pas encore facturées."
    address = reverse("orders:invoices_due")
    return [Card(Kind.TO_DO, title, detail, "", "Facturer", address, ORDER)]
