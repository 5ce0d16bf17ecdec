"""Invoices are issued, one number after the other; a mistake is cancelled by a credit note.

An invoice is of delivered or shipped orders of one buyer, at the prices of the day each was sent,
for what left the warehouse. Its document is made and kept in the same transaction.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record
from orders.consortium.reach import seller_body
from orders.invoices.announcing import announce
from orders.invoices.content import CARRIED, Content, billed_to, seller_of
from orders.invoices.document import pdf_of
from orders.models import (
    Invoice,
    InvoiceFile,
    InvoiceLine,
    InvoiceSeries,
    Order,
    OrderLine,
    Seller,
)
from orders.services.deposits import open_deposit
from orders.services.errors import OrderingError

BILLABLE: Final = (Order.State.SHIPPED, Order.State.DELIVERED)
LONGEST_REASON: Final = 300
SAME: Final = (*CARRIED, "service_code", "engagement")


def to_invoice(by: User) -> Any:
    """Paid orders that have left and are on no invoice that holds."""
    standing = InvoiceLine.objects.filter(
        invoice__kind=Invoice.Kind.INVOICE, invoice__cancelled_by__isnull=True
    )
    rows = Order.objects.for_user(by, to=Action.INV_ISSUE).filter(
        kind=Order.Kind.PAID, state__in=BILLABLE, billing__isnull=False
    )
    return rows.exclude(pk__in=standing.values("order"))


@transaction.atomic
def issue(*, by: User, orders: Collection[Order], today: date | None = None) -> Invoice:
    """Issue one invoice of these orders, all of the same buyer; journaled, announced, deposited."""
    body, seller = _require_seller(by)
    locked = _locked(by, orders)
    invoice, lines = drafted(locked, body, seller, today or timezone.localdate())
    invoice.issued_by = by
    _number(invoice)
    _keep(Content(invoice, lines))
    _record("orders.invoice_issued", invoice, by, orders=[one.number for one in locked])
    _send(invoice)
    return invoice


@transaction.atomic
def cancel_invoice(
    *, by: User, invoice: Invoice, reason: str, today: date | None = None
) -> Invoice:
    """Issue the credit note that cancels a whole invoice; twice asked, it is the same one."""
    body, _ = _require_seller(by)
    row = Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)
    if row.body_id != body.pk or row.is_credit:
        raise OrderingError("Seule une facture de votre suite peut être annulée.")
    known: Invoice | None = Invoice.objects.filter(cancels=row).first()
    if known is not None:
        return known
    told = " ".join(reason.split())[:LONGEST_REASON]
    if not told:
        raise OrderingError("Dites pourquoi la facture est annulée\u00a0: l’avoir l’écrit.")
    credit = _credit_of(row, told, today or timezone.localdate())
    credit.issued_by = by
    _number(credit)
    lines = [_copied(one) for one in row.lines.select_related("order").order_by("rank")]
    _keep(Content(credit, lines, row))
    _record("orders.invoice_cancelled", credit, by, cancels=row.number, reason=told)
    _send(credit)
    return credit


def _require_seller(by: User) -> tuple[AdministrativeBody, Seller]:
    body = seller_body(by)
    if body is None:
        raise OrderingError("Le profil que vous utilisez n’émet pas de factures.")
    seller = Seller.objects.filter(body=body).first()
    if seller is None:
        raise OrderingError(
            "Dites d’abord qui émet les factures\u00a0: raison sociale, SIRET, TVA, IBAN."
        )
    return body, seller


def _locked(by: User, orders: Collection[Order]) -> list[Order]:
    """The orders first, in one order: two people who invoice the same one write one invoice."""
    asked = {one.pk for one in orders}
    rows = Order.objects.filter(pk__in=asked).select_for_update(of=("self",), no_key=True)
    locked = list(rows.order_by("pk"))
    free = set(to_invoice(by).filter(pk__in=asked).values_list("pk", flat=True))
    if not locked:
        raise OrderingError("Choisissez au moins une commande.")
    taken = [one.number or str(one.pk) for one in locked if one.pk not in free]
    if taken or len(locked) != len(asked):
        raise OrderingError(
            f"{', '.join(taken) or 'Une commande'}\u00a0: déjà facturée, ou pas encore expédiée. "
            "Rouvrez la page."
        )
    return locked


def drafted(
    orders: Sequence[Order], body: AdministrativeBody, seller: Seller, today: date
) -> tuple[Invoice, list[InvoiceLine]]:
    """The invoice of these orders, not written: what the preview shows too."""
    buyer = _one_buyer(orders)
    billing = orders[0].billing
    lines = _lines_of(orders)
    if not lines:
        raise OrderingError("Rien n’a été expédié de ces commandes\u00a0: rien à facturer.")
    invoice = Invoice(
        body=body,
        buyer_id=buyer,
        is_public=billing.is_public,
        seller=seller_of(seller),
        billed_to=billed_to(billing),
        issued_on=today,
        due_on=today + timedelta(days=seller.payment_days),
        delivered_on=_delivered_on(orders) or today,
    )
    totals = Content(invoice, lines).totals
    invoice.net, invoice.tax, invoice.gross = totals.net, totals.tax, totals.gross
    return invoice, lines


def _one_buyer(orders: Sequence[Order]) -> int:
    """An invoice has one buyer, one address, one desk to hand it to."""
    first = orders[0]
    told = [billed_to(one.billing) for one in orders]
    same = all(
        one.beneficiary_id == first.beneficiary_id
        and all(words[name] == told[0][name] for name in SAME)
        for one, words in zip(orders, told, strict=True)
    )
    if not same or first.beneficiary_id is None:
        raise OrderingError(
            "Ces commandes n’ont pas le même client, la même adresse de facturation, le même code "
            "service ou le même engagement\u00a0: faites une facture pour chacune."
        )
    found: int = first.beneficiary_id
    return found


def _lines_of(orders: Sequence[Order]) -> list[InvoiceLine]:
    rows = OrderLine.objects.filter(order__in=orders, shipped__gt=0).select_related(
        "product", "order"
    )
    found = []
    for rank, row in enumerate(rows.order_by("order", "product__rank", "pk"), start=1):
        packs, pack = row.shipped // row.product.units_per_pack, row.product
        found.append(
            InvoiceLine(
                rank=rank,
                order=row.order,
                code=pack.code,
                label=str(pack),
                packing=f"{pack.pack_label} de {pack.units_per_pack}",
                packs=packs,
                price=row.price,
                tax_rate=row.tax_rate,
                net=packs * row.price,
            )
        )
    return found


def _delivered_on(orders: Sequence[Order]) -> date | None:
    """The last day something of it came, or else left."""
    days = [
        timezone.localdate(shipment.delivered_at or shipment.shipped_at)
        for order in orders
        for shipment in order.shipments.all()
    ]
    return max(days, default=None)


def _number(invoice: Invoice) -> None:
    """The next of the year, without gap: the row of the series is held until the commit."""
    invoice.year = invoice.issued_on.year
    InvoiceSeries.objects.get_or_create(body=invoice.body, year=invoice.year)
    rows = InvoiceSeries.objects.select_for_update(of=("self",), no_key=True)
    series = rows.get(body=invoice.body, year=invoice.year)
    series.last += 1
    series.save()
    invoice.rank = series.last
    letter = "A" if invoice.is_credit else "F"
    invoice.number = f"{letter}-{invoice.year}-{invoice.rank:06d}"


def _keep(content: Content) -> None:
    invoice = content.invoice
    invoice.save()
    for one in content.lines:
        one.invoice = invoice
    InvoiceLine.objects.bulk_create(content.lines)
    pdf, xml = pdf_of(content)
    digest = hashlib.sha256(pdf).hexdigest()
    InvoiceFile.objects.create(invoice=invoice, pdf=pdf, xml=xml, digest=digest)


def _credit_of(row: Invoice, reason: str, today: date) -> Invoice:
    kept = ("body", "buyer", "is_public", "seller", "billed_to", "net", "tax", "gross")
    values = {name: getattr(row, name) for name in kept}
    return Invoice(
        kind=Invoice.Kind.CREDIT,
        cancels=row,
        reason=reason,
        issued_on=today,
        due_on=today,
        delivered_on=row.delivered_on,
        **values,
    )


def _copied(line: InvoiceLine) -> InvoiceLine:
    names = ("rank", "order", "code", "label", "packing", "packs", "price", "tax_rate", "net")
    return InvoiceLine(**{name: getattr(line, name) for name in names})


def _record(verb: str, invoice: Invoice, by: User, **details: Any) -> None:
    total = {"net": str(invoice.net), "gross": str(invoice.gross)}
    record(verb, by=by, target=invoice, place=invoice.buyer.place, **total, **details)


def _send(invoice: Invoice) -> None:
    """To Chorus Pro for a public buyer; to the others, a mail with the link."""
    if invoice.is_public:
        open_deposit(invoice)
    else:
        announce(invoice)
