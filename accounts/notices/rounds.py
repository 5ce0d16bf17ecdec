"""What nobody asks for but the time that passes: digests, reminders, requests left to the ARS.

Every round may run late, twice, or in two workers at once: each step is marked in the transaction
that queues its mails.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.audience import deciders_of_requests, in_region, regional_deciders
from accounts.models import AccessRequest, Level, RequestNotice
from accounts.models.access_request import AccessRequestQuerySet
from accounts.models.profile import OF_PROFILE
from accounts.notices.letters.requests import BETWEEN_DIGESTS, FIRST_REMINDER, NEVER, SETTLED
from accounts.notices.queueing import Notice, notify_once
from common.locks import Lock
from establishments.models import AdministrativeBody
from journal.services import entry_of, record_all

LAST_REMINDER = timedelta(days=7)  # the requests of an establishment go up to the ARS besides
REMINDED_AT = time(8)  # once a day, so that many come in one mail
DAY = timedelta(days=1)
ARS = AdministrativeBody.Kind.ARS


def tell_deciders() -> None:
    """Queue a mail for each person who has new requests to decide and was not told for an hour.

    The letter checks it again behind the lock of the person: queueing one too many is harmless.
    What goes up to the ARS is told in a mail of its own.
    """
    now = timezone.now()
    asked = dict(_open_requests(now).values_list("pk", "asked_at"))
    newest: dict[int, datetime] = {}
    for pk, people in deciders_of_requests(_open_requests(now), and_above=False).items():
        for person in people:
            newest[person] = max(newest.get(person, NEVER), asked.get(pk, NEVER))
    told = dict(RequestNotice.objects.filter(user__in=newest).values_list("user", "sent_at"))
    for person, moment in newest.items():
        last = told.get(person, NEVER)
        if last < moment and last <= now - BETWEEN_DIGESTS:
            notify_once(Notice.REQUESTS_WAITING, person)


@transaction.atomic
def write_to_mailboxes() -> None:
    """Where nobody decides, neither there nor at the ARS: write to its mailbox, once an hour."""
    if not _is_alone():
        return
    now = timezone.now()
    new = _open_requests(now).filter(escalated_at__isnull=True).exclude(level=Level.NATIONAL)
    nobody = [pk for pk, people in deciders_of_requests(new).items() if not people]
    requests = list(AccessRequest.objects.filter(pk__in=nobody).select_related(*OF_PROFILE))
    for body in _bodies(_region(one) for one in requests):
        lately = Q(escalated_at__gt=now - BETWEEN_DIGESTS)
        if not AccessRequest.objects.filter(lately, in_region(body.region_id)).exists():
            _send_up([one for one in requests if _region(one) == body.region_id], now)
            notify_once(Notice.REQUESTS_MAILBOX, body.pk)


@transaction.atomic
def remind_deciders() -> None:
    """After three days, then seven: remind those who decide; after seven the ARS decides too."""
    if not _is_alone():
        return
    now = timezone.now()
    due = [one for one in _perhaps_late(now) if _is_due(one, now)]
    if not due:
        return
    numbers = [one.pk for one in due]
    deciders = deciders_of_requests(AccessRequest.objects.filter(pk__in=numbers))
    rising = [one for one in due if _rises(one, now)]
    AccessRequest.objects.filter(pk__in=numbers).update(
        reminded_at=now, reminders=F("reminders") + 1
    )
    _send_up(rising, now)
    _tell(due, rising, deciders)


def _tell(
    due: list[AccessRequest], rising: list[AccessRequest], deciders: dict[int, set[int]]
) -> None:
    """One mail a person: a request that rises is told to the ARS as such, not as a reminder."""
    regional = regional_deciders({code for one in due if (code := _region(one))})
    reminded, raised, unheard = set(), set(), set()
    for one in due:
        above = regional.get(_region(one), set()) - {one.profile.user_id, one.asked_by_id}
        people = deciders[one.pk]
        if one in rising:
            raised |= above
            people = people - above
        reminded |= people
        if (not people and not above) or (one in rising and not above):
            unheard.add(_region(one))
    for person in sorted(reminded):
        notify_once(Notice.REQUESTS_REMINDER, person)
    for person in sorted(raised):
        notify_once(Notice.REQUESTS_ESCALATED, person)
    for body in _bodies(unheard):
        notify_once(Notice.REQUESTS_MAILBOX, body.pk)


def _send_up(requests: list[AccessRequest], now: datetime) -> None:
    """Mark that the ARS has been asked too, and keep it in the journal."""
    numbers = [one.pk for one in requests if one.level != Level.NATIONAL]
    AccessRequest.objects.filter(pk__in=numbers).update(escalated_at=now)
    record_all(
        [
            entry_of(
                "account.request_escalated",
                by=None,
                target=f"{one.profile.user.username} · {one.profile}",
                place=None if one.profile.body_id else one.profile.entity,
            )
            for one in requests
        ]
    )


def _is_alone() -> bool:
    """Whether nobody else makes these rounds now; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.REQUEST_NOTICES])
        return bool(cursor.fetchone()[0])


def _open_requests(now: datetime) -> AccessRequestQuerySet:
    return AccessRequest.objects.open().filter(asked_at__lte=now - SETTLED)


def _perhaps_late(now: datetime) -> list[AccessRequest]:
    """All those to remind of, and a few more: ``_is_due`` decides."""
    rows = AccessRequest.objects.open().filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("asked_at") + LAST_REMINDER + DAY),
        asked_at__lte=now - FIRST_REMINDER,
    )
    return list(rows.select_related(*OF_PROFILE))


def _is_due(request: AccessRequest, now: datetime) -> bool:
    """Whether a step has come that no reminder has followed, be it the person's own."""
    steps = [_moment_of(request, wait) for wait in (FIRST_REMINDER, LAST_REMINDER)]
    past = [moment for moment in steps if moment <= now]
    return bool(past) and (request.reminded_at is None or request.reminded_at < past[-1])


def _rises(request: AccessRequest, now: datetime) -> bool:
    """Whether the establishment has left the request without an answer for too long."""
    is_of_entity = request.level == Level.ENTITY and request.escalated_at is None
    return is_of_entity and _moment_of(request, LAST_REMINDER) <= now


def _moment_of(request: AccessRequest, wait: timedelta) -> datetime:
    """The first eight o’clock in Paris once a request has waited for so long."""
    ready = timezone.localtime(request.asked_at + wait)
    moment = datetime.combine(ready.date(), REMINDED_AT, tzinfo=ready.tzinfo)
    return moment if moment >= ready else moment + DAY


def _region(request: AccessRequest) -> str | None:
    return request.profile.entity.region_id


def _bodies(regions: Iterable[str | None]) -> list[AdministrativeBody]:
    """The ARS of these regions that have a mailbox."""
    bodies = AdministrativeBody.objects.filter(
        kind=ARS, region__in={code for code in regions if code}
    )
    return list(bodies.exclude(mailbox="").order_by("pk"))
