"""Credit notes: a whole invoice is cancelled, or lessened by packs that nobody owes any more.

Cancelled, its packs are to be invoiced again, once what was wrong is corrected. Lessened, they are
not: missing, damaged, sent back. Locks: the invoice, its deposit, then the series.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from orders.invoices.announcing import announce
from orders.invoices.content import Content
from orders.models import Deposit, Invoice, InvoiceLine
from orders.services.deposits import open_deposit, withdraw
from orders.services.errors import OrderingError
from orders.services.invoices import keep, require_seller, tell

LONGEST_REASON: Final = 300
COPIED: Final = ("rank", "ordered", "code", "label", "packing", "packs", "price", "tax_rate", "net")


@transaction.atomic
def cancel_invoice(
    *, by: User, invoice: Invoice, reason: str, today: date | None = None
) -> Invoice:
    """Issue the credit note that cancels a whole invoice; twice asked, it is the same one."""
    row = _locked(by, invoice)
    known: Invoice | None = Invoice.objects.filter(cancels=row).first()
    if known is not None:
        return known
    told = _require_reason(reason)
    if row.lessened_by.exists():
        raise OrderingError(
            "Un avoir a déjà diminué cette facture\u00a0: déduisez aussi les colis qui restent."
        )
    is_there = _is_on_chorus(row)
    if not is_there:
        withdraw(row)
    lines = [_copied(one) for one in _lines_of(row)]
    credit = _credit(row, lines, told, today, by)
    credit.cancels = row
    return _issued(credit, lines, "orders.invoice_cancelled", by, is_deposited=is_there)


@transaction.atomic
def lessen_invoice(
    *,
    by: User,
    invoice: Invoice,
    packs: Mapping[int, int],
    reason: str,
    today: date | None = None,
) -> Invoice:
    """Issue the credit note of some packs, by number of line of the invoice."""
    row = _locked(by, invoice)
    if Invoice.objects.filter(cancels=row).exists():
        raise OrderingError("Cette facture est déjà annulée en entier.")
    if row.is_public and not _is_on_chorus(row):
        raise OrderingError(
            "Cette facture n’est pas reçue sur Chorus Pro\u00a0: annulez-la plutôt en entier."
        )
    told = _require_reason(reason)
    lines = _taken_back(row, {pk: count for pk, count in packs.items() if count})
    credit = _credit(row, lines, told, today, by)
    credit.lessens = row
    return _issued(credit, lines, "orders.invoice_lessened", by, is_deposited=True)


def left_to_credit(invoice: Invoice) -> list[tuple[InvoiceLine, int]]:
    """The lines of an invoice with the packs that no credit note has taken back."""
    credited = InvoiceLine.objects.filter(invoice__lessens=invoice).order_by()
    sums = dict(credited.values_list("ordered").annotate(total=Sum("packs")))
    return [(one, one.packs - sums.get(one.ordered_id, 0)) for one in _lines_of(invoice)]


def _locked(by: User, invoice: Invoice) -> Invoice:
    body, _ = require_seller(by)
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    row: Invoice = rows.select_related("buyer", "body").get(pk=invoice.pk)
    if row.body_id != body.pk or row.is_credit:
        raise OrderingError("Seule une facture de votre suite peut être annulée ou diminuée.")
    return row


def _lines_of(invoice: Invoice) -> list[InvoiceLine]:
    return list(invoice.lines.select_related("ordered__order").order_by("rank"))


def _require_reason(reason: str) -> str:
    told = " ".join(reason.split())[:LONGEST_REASON]
    if not told:
        raise OrderingError("Dites pourquoi\u00a0: l’avoir l’écrit.")
    return told


def _is_on_chorus(invoice: Invoice) -> bool:
    """Whether its credit note is to be deposited: an invoice that nobody is to pay needs none."""
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
    deposit = rows.filter(invoice=invoice).first()
    if deposit is None:
        return False
    if deposit.state == Deposit.State.SENDING:
        raise OrderingError(
            "Chorus Pro n’a pas encore dit s’il a reçu cette facture\u00a0: attendez sa réponse."
        )
    return deposit.state not in Deposit.ABSENT


def _taken_back(invoice: Invoice, packs: Mapping[int, int]) -> list[InvoiceLine]:
    found = []
    for line, left in left_to_credit(invoice):
        count = packs.get(line.pk, 0)
        if not 0 <= count <= left:
            raise OrderingError(f"{line.label}\u00a0: {left} colis au plus peuvent être déduits.")
        if count:
            one = _copied(line)
            one.packs, one.net = count, count * line.price
            found.append(one)
    if not found:
        raise OrderingError("Dites combien de colis sont à déduire.")
    return found


def _copied(line: InvoiceLine) -> InvoiceLine:
    return InvoiceLine(**{name: getattr(line, name) for name in COPIED})


def _credit(
    row: Invoice, lines: Sequence[InvoiceLine], reason: str, today: date | None, by: User
) -> Invoice:
    today = today or timezone.localdate()
    kept = ("body", "buyer", "is_public", "seller", "billed_to", "delivered_on")
    credit = Invoice(
        kind=Invoice.Kind.CREDIT,
        reason=reason,
        issued_on=today,
        due_on=today,
        issued_by=by,
        **{name: getattr(row, name) for name in kept},
    )
    totals = Content(credit, lines).totals
    credit.net, credit.tax, credit.gross = totals.net, totals.tax, totals.gross
    return credit


def _issued(
    credit: Invoice, lines: Sequence[InvoiceLine], verb: str, by: User, *, is_deposited: bool
) -> Invoice:
    keep(Content(credit, lines))
    invoice = credit.corrected
    tell(verb, credit, by, cancels=str(invoice), reason=credit.reason)
    if not credit.is_public:
        announce(credit)
    elif is_deposited:
        open_deposit(credit)
    return credit
