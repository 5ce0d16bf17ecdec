"""On the home page: for the supplier what is to invoice, and what its buyers refused."""

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.invoices.due import to_invoice
from orders.models import Deposit, Invoice

ORDER = 46


def invoice_cards(user: User) -> list[Card]:
    if not user.may(Action.INV_ISSUE):
        return []
    return [*_refused(user), *_by_hand(user), *_due(user)]


def _standing(user: User, *states: str) -> int:
    rows = Invoice.objects.for_user(user, to=Action.INV_ISSUE)
    return int(rows.filter(cancelled_by__isnull=True, deposit__state__in=states).count())


def _refused(user: User) -> list[Card]:
    if not (count := _standing(user, *Deposit.TO_MEND)):
        return []
    s = "s" if count > 1 else ""
    title = f"{format_integer(count)}\u00a0facture{s} refusée{s} sur Chorus Pro"
    detail = "Le motif est sur la facture, avec ce qu’il faut faire."
    address = f"{reverse('orders:invoices')}?etat=rejected"
    return [Card(Kind.LATE, title, detail, "", "Lire les motifs", address, ORDER)]


def _by_hand(user: User) -> list[Card]:
    if not (count := _standing(user, Deposit.State.BY_HAND)):
        return []
    s = "s" if count > 1 else ""
    title = f"{format_integer(count)}\u00a0facture{s} à déposer à la main"
    detail = "Sur le portail Chorus Pro\u00a0; dites ensuite que c’est fait."
    address = f"{reverse('orders:invoices')}?etat=by_hand"
    return [Card(Kind.TO_DO, title, detail, "", "Voir les factures", address, ORDER)]


def _due(user: User) -> list[Card]:
    if not (count := to_invoice(user).count()):
        return []
    s = "s" if count > 1 else ""
    title = f"{format_integer(count)}\u00a0commande{s} à facturer"
    detail = "Ce qui est expédié n’est pas encore tout facturé."
    address = reverse("orders:invoices_due")
    return [Card(Kind.TO_DO, title, detail, "", "Facturer", address, ORDER)]
