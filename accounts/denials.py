"""What was refused to somebody is written in the journal, with what was asked."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from journal.models import Entry
from journal.services import record

VERB = "account.access_denied"
REPEATED = timedelta(minutes=1)


def record_denial(request: HttpRequest, reason: str, *, place: object = None) -> None:
    record(VERB, by=request.user, target=target_of(request), place=place, reason=reason)


def record_repeated_denial(request: HttpRequest, reason: str, *, place: object = None) -> None:
    """Once a minute for a person and an address: a script asks again by itself."""
    recent = Entry.objects.filter(
        verb=VERB, by=request.user, target=target_of(request), at__gt=timezone.now() - REPEATED
    )
    if not recent.exists():
        record_denial(request, reason, place=place)


def target_of(request: HttpRequest) -> str:
    return f"{request.method} {request.path}"[:200]
