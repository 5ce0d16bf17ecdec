"""Invoices are issued, one number after the other: of what left the warehouse, at its prices.

An invoice is of orders of one buyer, at the prices of the day each was sent, for the packs that
left and are on no other invoice. Its document is made and kept in the same transaction.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.consortium.reach import seller_body
from orders.invoices.announcing import announce
from orders.invoices.content import CARRIED, Content, billed_to, seller_of
from orders.invoices.document import pdf_of
from orders.invoices.due import due_lines, to_invoice
from orders.models import Invoice, InvoiceFile, InvoiceLine, InvoiceSeries, Order, Seller
from orders.services.deposits import open_deposit
from orders.services.errors import OrderingError

SAME: Final = (*CARRIED, "service_code", "engagement")


@transaction.atomic
def issue(*, by: User, orders: Collection[Order], today: date | None = None) -> Invoice:
    """Issue one invoice of these orders, all of the same buyer; journaled, announced, deposited."""
    body, seller = require_seller(by)
    locked = _locked(by, orders)
    invoice, lines = drafted(locked, body, seller, today or timezone.localdate())
    invoice.issued_by = by
    keep(Content(invoice, lines))
    tell("orders.invoice_issued", invoice, by, orders=[one.number for one in locked])
    if invoice.is_public:
        open_deposit(invoice)
    else:
        announce(invoice)
    return invoice


def require_seller(by: User) -> tuple[AdministrativeBody, Seller]:
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
    delivered_on = _one_month(orders)
    billing = orders[0].billing
    lines = _lines_of(orders)
    if not lines:
        raise OrderingError("Rien de plus n’a été expédié de ces commandes\u00a0: rien à facturer.")
    invoice = Invoice(
        body=body,
        buyer_id=buyer,
        is_public=billing.is_public,
        seller=seller_of(seller),
        billed_to=billed_to(billing),
        issued_on=today,
        due_on=today + timedelta(days=seller.payment_days),
        delivered_on=delivered_on or today,
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


def _one_month(orders: Sequence[Order]) -> date | None:
    """The last delivery; several orders on one invoice came in one month (CGI, art. 289, I, 3)."""
    days = [day for day in map(_delivered_on, orders) if day]
    if len({(day.year, day.month) for day in days}) > 1:
        raise OrderingError(
            "Une facture de plusieurs commandes porte sur les livraisons d’un seul mois\u00a0: "
            "faites une facture par mois."
        )
    return max(days, default=None)


def _delivered_on(order: Order) -> date | None:
    """The last day something of it came, or else left."""
    days = [timezone.localdate(one.delivered_at or one.shipped_at) for one in order.shipments.all()]
    return max(days, default=None)


def _lines_of(orders: Sequence[Order]) -> list[InvoiceLine]:
    found = []
    for rank, due in enumerate(due_lines(orders), start=1):
        row: Any = due.line  # a paid line has a price and a tax
        pack = row.product
        found.append(
            InvoiceLine(
                rank=rank,
                ordered=row,
                code=pack.code,
                label=str(pack),
                packing=f"{pack.pack_label} de {pack.units_per_pack}",
                packs=due.packs,
                price=row.price,
                tax_rate=row.tax_rate,
                net=due.packs * row.price,
            )
        )
    return found


def keep(content: Content) -> None:
    """Number it, write it, with its document."""
    invoice = content.invoice
    _number(invoice)
    invoice.save()
    for one in content.lines:
        one.invoice = invoice
    InvoiceLine.objects.bulk_create(content.lines)
    pdf, xml = pdf_of(content)
    digest = hashlib.sha256(pdf).hexdigest()
    InvoiceFile.objects.create(invoice=invoice, pdf=pdf, xml=xml, digest=digest)


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


def tell(verb: str, invoice: Invoice, by: User, **details: Any) -> None:
    total = {"net": str(invoice.net), "gross": str(invoice.gross)}
    record(verb, by=by, target=invoice, place=invoice.buyer.place, **total, **details)
