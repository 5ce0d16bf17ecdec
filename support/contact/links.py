"""The link by which somebody who cannot log in follows their request: signed, for a month."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from support.models import Ticket

SALT = "support.contact.followed"
LASTS_DAYS = 30


def sealed(ticket: Ticket) -> str:
    """The address is in it: a request that changes hands is not read by who had it before."""
    return signing.dumps([ticket.pk, ticket.email], salt=SALT)


def unsealed(text: str) -> Ticket | None:
    """The request of the link; none when it is not ours, too old, or the request is erased."""
    try:
        pk, email = signing.loads(text, salt=SALT, max_age=LASTS_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    rows = Ticket.objects.kept().filter(pk=pk, email=email, opened_by=None)
    found: Ticket | None = rows.select_related("subject", "body", "merged_into").first()
    return found


def page_of_asker(ticket: Ticket) -> str:
    """Where who asked reads the answer: their page, or the link that is only theirs."""
    if ticket.opened_by_id:
        return reverse("support:ticket", args=[ticket.pk])
    return reverse("support:contact_followed", args=[sealed(ticket)])


def link_of_asker(ticket: Ticket) -> str:
    return f"{settings.SITE_URL}{page_of_asker(ticket)}"
