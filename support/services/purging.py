"""Requests closed for long: what tells who asked, and what they wrote, is erased."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from journal.services import record
from support.models import Ticket, TicketMessage

MONTH = timedelta(days=30.4375)
AT_ONCE = 500
NOBODY: dict[str, Any] = {
    "opened_by": None,
    "profile": None,
    "name": "",
    "email": "",
    "phone": "",
    "identifier": "",
    "title": "",
    "place": "",
    "finess": "",
    "role": "",
    "page": "",
    "desk": "",
    "answers": {},
}


def purge_old_tickets(*, now: datetime | None = None) -> int:
    """What stays counts requests: subject, service, region, dates, satisfaction. Say how many."""
    now = now or timezone.now()
    before = now - settings.SUPPORT_KEPT_MONTHS * MONTH
    total = 0
    while done := _purge_some(before, now):
        total += done
    return total


@transaction.atomic
def _purge_some(before: datetime, now: datetime) -> int:
    rows = Ticket.objects.kept().filter(state=Ticket.State.CLOSED, closed_at__lt=before)
    locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    found = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    if found:
        TicketMessage.objects.filter(ticket__in=found).delete()
        Ticket.objects.filter(pk__in=found).update(purged_at=now, **NOBODY)
        record("support.tickets_purged", by=None, count=len(found))
    return len(found)
