"""Where an invoice stands, as a sentence: paid, deposited, cancelled."""

from collections.abc import Iterable, Iterator
from typing import Any

from orders.models import Deposit, Invoice

HEADERS = (
    "Numéro",
    "Nature",
    "Client",
    "SIRET",
    "Émise le",
    "À payer avant le",
    "Total HT",
    "TVA",
    "Total TTC",
    "État",
    "Corrige",
)
LOOKS = {
    Deposit.State.REFUSED: "erreur",
    Deposit.State.REJECTED: "erreur",
    Deposit.State.TO_RECYCLE: "erreur",
    Deposit.State.SUSPENDED: "attention",
    Deposit.State.BY_HAND: "attention",
    Deposit.State.WAITING: "attente",
    Deposit.State.SENDING: "attente",
    Deposit.State.WITHDRAWN: "",
}


def state_in_words(invoice: Invoice) -> str:
    if hasattr(invoice, "cancelled_by"):
        return f"Annulée par l’avoir {invoice.cancelled_by.number}"
    words = _corrected_in_words(invoice)
    if hasattr(invoice, "deposit"):
        words.append(f"Chorus Pro\u00a0: {invoice.deposit.get_state_display()}")
    elif not invoice.is_public:
        words.append("à télécharger par le client")
    text = "\u00a0; ".join(words)
    return text[:1].upper() + text[1:]


def _corrected_in_words(invoice: Invoice) -> list[str]:
    """What a credit note does; one that no deposit follows is about what nobody is to pay."""
    if invoice.corrected is None:
        return []
    return [f"{'Annule' if invoice.cancels else 'Diminue'} {invoice.corrected.number}"]


def look_of(invoice: Invoice) -> str:
    """The colour of that sentence, which never says more than it."""
    if hasattr(invoice, "cancelled_by") or not hasattr(invoice, "deposit"):
        return ""
    return LOOKS.get(invoice.deposit.state, "ok")


def rows_of(invoices: Iterable[Invoice]) -> Iterator[list[Any]]:
    """Under ``HEADERS``; what a credit note takes back is negative, so that columns add up."""
    for one in invoices:
        sign = -1 if one.is_credit else 1
        buyer = one.billed_to
        yield [
            one.number,
            one.get_kind_display(),
            buyer["name"],
            buyer["siret"],
            one.issued_on,
            one.due_on,
            sign * one.net,
            sign * one.tax,
            sign * one.gross,
            state_in_words(one),
            one.corrected.number if one.corrected else "",
        ]
