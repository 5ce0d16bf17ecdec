"""The mail that tells a private buyer that an invoice is there, with the link to read it."""

from django.conf import settings
from django.urls import reverse

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from orders.models import Invoice


def announce(invoice: Invoice) -> None:
    """Queue it, in the transaction of the invoice: to its accounts, else to who ordered."""
    link = f"{settings.SITE_URL}{reverse('orders:invoice', args=[invoice.pk])}"
    said = render("notices/invoice_issued.txt", {"invoice": invoice, "link": link})
    subject, _, body = said.strip().partition("\n")
    text = render("notices/frame.txt", {"body": body.strip()})
    for address in addresses_of(invoice):
        queue_written(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip(), address)


def addresses_of(invoice: Invoice) -> list[str]:
    if told := invoice.billed_to["email"]:
        return [told]
    rows = invoice.lines.select_related("ordered__order__created_by")
    return sorted({one.order.created_by.email for one in rows})
