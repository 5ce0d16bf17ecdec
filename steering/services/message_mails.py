"""The mails about a message: one a person, whatever their profiles, one a day at most.

They are written down in one statement, then leave by batches: the request that sends to 35,000
people does not wait for them, and a worker that dies leaves the others where they are.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.conditions import profile_is_usable
from accounts.models import Profile
from accounts.notices.sending import NotSentError
from common.markup import plain
from steering.messages.audience import reached_by
from steering.messages.letters import letter, send_letter
from steering.models import Mailing, Message

SEND = "steering.tasks.messages.send_batch"
BATCH = 200
MOST_TRIES = 6
CHUNK = 50
PATIENCE = timedelta(minutes=10)  # the jobs of a sending may still be in the queue
MOST_AGAIN = 5_000
FIRST_WAIT = timedelta(minutes=10)
MOST_FAILURES = 5  # in one batch: the mail server is away
COLUMNS = "message_id, user_id, profile_id, day, is_reminder, next_at, tries"


class Outcome(Enum):
    """What became of one mail: it left, the server did not take it, or it was not ours to send."""

    SENT = "sent"
    REFUSED = "refused"
    PASSED = "passed"


def announce(message: Message, day: date) -> int:
    """Queue the mail of each person that a message reaches; say how many."""
    return _queue(message, reached_by(message), day, is_reminder=False)


def remind(message: Message, profiles: QuerySet[Profile], day: date) -> int:
    """The same for some of them; who was written to that day is not again."""
    return _queue(message, profiles, day, is_reminder=True)


def not_written_to(message: Message, profiles: QuerySet[Profile], day: date) -> QuerySet[Profile]:
    """Those whose person had no mail about it that day."""
    written = Mailing.objects.filter(message=message, day=day, user=OuterRef("user"))
    return profiles.filter(~Exists(written))


def not_delivered(message: Message) -> QuerySet[Mailing]:
    """The mails given up, of those whom no other mail about it has reached nor is to reach."""
    other = Mailing.objects.filter(
        Q(sent_at__isnull=False) | Q(tries__lt=MOST_TRIES), message=message, user=OuterRef("user")
    )
    left = Mailing.objects.filter(message=message, sent_at__isnull=True, tries__gte=MOST_TRIES)
    return left.filter(~Exists(other))


def _queue(message: Message, profiles: QuerySet[Profile], day: date, *, is_reminder: bool) -> int:
    """In one statement, then a job for each batch."""
    people = profiles.order_by("user_id", "pk").distinct("user_id").values_list("user_id", "pk")
    select, parameters = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Mailing._meta.db_table} ({COLUMNS}) "  # noqa: S608 - our own names
            f"SELECT %s, person.*, %s, %s, %s, 0 FROM ({select}) person ON CONFLICT DO NOTHING",
            [message.pk, day, is_reminder, timezone.now(), *parameters],
        )
        count: int = cursor.rowcount
    _queue_batches(message.pk, count)
    return count


def send_waiting(message_id: int, *, most: int = BATCH) -> int:
    """Send the next mails of a message, and say how many left.

    Those that another worker holds are left to it; those that the mail server did not take come
    again later, and less and less often; when it takes none, the others wait.
    """
    message = Message.objects.select_related("sender").get(pk=message_id)
    if message.is_withdrawn or message.is_corrected:
        _waiting(message).delete()
        return 0
    excerpt = plain(message.body)
    done: Counter[Outcome] = Counter()
    for mailing in _in_turn(message):
        done[_send(mailing, message, excerpt)] += 1
        if done[Outcome.SENT] >= most or done[Outcome.REFUSED] >= MOST_FAILURES:
            break
    return done[Outcome.SENT]


def queue_left() -> int:
    """Queue again what nobody sent in time: a server was away, or a worker died."""
    rows = Mailing.objects.filter(sent_at__isnull=True, tries__lt=MOST_TRIES)
    late = rows.filter(next_at__lte=timezone.now() - PATIENCE).order_by("message")
    counts = late.values_list("message").annotate(Count("pk"))
    for message, count in counts:
        _queue_batches(message, min(count, MOST_AGAIN))
    return len(counts)


def _queue_batches(message: int, count: int) -> None:
    """Enough jobs for so many mails: any of them may do the work of another."""
    jobs: list[dict[str, Any]] = [{"message": message} for _ in range(-(-count // BATCH))]
    if jobs:
        app.configure_task(SEND).batch_defer(*jobs)


def _waiting(message: Message) -> QuerySet[Mailing]:
    return Mailing.objects.filter(message=message, sent_at__isnull=True, tries__lt=MOST_TRIES)


def _in_turn(message: Message) -> Iterator[Mailing]:
    """Those to send now, a few at a time; those that another worker took meanwhile are passed."""
    last = 0
    while True:
        rows = _waiting(message).filter(pk__gt=last, next_at__lte=timezone.now()).order_by("pk")
        found = list(rows.select_related("user", "profile__user")[:CHUNK])
        yield from found
        if len(found) < CHUNK:
            return
        last = found[-1].pk


def _send(mailing: Mailing, message: Message, excerpt: str) -> Outcome:
    """The mark and the hand-over stand or fall together, as for every mail."""
    try:
        with transaction.atomic():
            if not _take(mailing):
                return Outcome.PASSED
            if not _still_reads(mailing):
                mailing.delete()
                return Outcome.PASSED
            send_letter(letter(mailing, message, excerpt), mailing.pk)
    except NotSentError:
        later = timezone.now() + FIRST_WAIT * 3**mailing.tries
        Mailing.objects.filter(pk=mailing.pk).update(tries=F("tries") + 1, next_at=later)
        return Outcome.REFUSED
    return Outcome.SENT


def _take(mailing: Mailing) -> bool:
    """Mark it; not when another worker holds it, or has sent it."""
    rows = Mailing.objects.filter(pk=mailing.pk, sent_at__isnull=True)
    if not rows.select_for_update(skip_locked=True).values_list("pk", flat=True):
        return False
    return bool(rows.update(sent_at=timezone.now()))


def _still_reads(mailing: Mailing) -> bool:
    """Nobody writes to whoever left since."""
    return bool(mailing.user.is_active and profile_is_usable(mailing.profile))
