"""After the delay, whole sealed batches leave; their seals stay, and the purge is journaled.

The removal itself is a function of the owner (``config.database``): the role of the site may remove
nothing else, and the function refuses what is younger than its own delay.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from journal.models import Purge, Seal
from journal.sealing.canonical import digest_of, entries_between, text_of_purge
from journal.sealing.keys import sign
from journal.services import record

LARGEST = 50_000  # entries removed in one transaction, ten seconds at the very most
MARGIN = timedelta(days=1)  # entries are dated a little before their seal, by other clocks
DELAY = "SELECT now() - make_interval(months => %s)"
CALL = "SELECT purge_journal(%s, %s, %s, %s, %s, %s, %s)"


class PurgeError(Exception):
    """What is there is not what was sealed: nothing is removed. The message is for the operator."""


def purge_old() -> int:
    """Remove all that is old enough; say how many entries left."""
    removed = 0
    while batches := _next_batches():
        removed += _purge(batches)
    return removed


def _next_batches() -> list[Seal]:
    """The oldest batches not purged yet that are all past the delay, some at a time."""
    with connection.cursor() as cursor:
        cursor.execute(DELAY, [settings.JOURNAL_KEPT_MONTHS])
        (limit,) = cursor.fetchone()
    last = Purge.objects.last()
    old = Seal.objects.filter(number__gt=last.last if last else 0, at__lt=limit - MARGIN)
    taken: list[Seal] = []
    count = 0
    for seal in old.order_by("number")[:LARGEST]:
        count += seal.count
        if taken and count > LARGEST:
            break
        taken.append(seal)
    return taken


@transaction.atomic
def _purge(batches: list[Seal]) -> int:
    first, last = batches[0], batches[-1]
    refusal = PurgeError(
        f"Les lots {first.number} à {last.number} ne sont plus ce qui a été scellé\u00a0: "
        "rien n’est purgé. Lancez manage.py verify_journal."
    )
    if not all(map(_is_whole, batches)):
        raise refusal
    purge = Purge(
        first=first.number,
        last=last.number,
        count=sum(seal.count for seal in batches),
        months=settings.JOURNAL_KEPT_MONTHS,
        at=timezone.now(),
    )
    sign(purge, text_of_purge)
    with connection.cursor() as cursor:
        cursor.execute(
            CALL,
            [purge.first, purge.last, purge.count, purge.months, purge.at, purge.key, purge.mac],
        )
        (removed,) = cursor.fetchone()
    if removed != purge.count:
        raise refusal
    record(
        "journal.purged",
        by=None,
        target=f"lots {first.number} à {last.number}",
        count=removed,
        until=timezone.localtime(last.at).isoformat(),
        kept_months=purge.months,
    )
    return int(removed)


def _is_whole(seal: Seal) -> bool:
    """Read before it goes: after, what was changed in it could no longer be told."""
    rows = entries_between(seal.first_id - 1, seal.last_id, seal.count + 1)
    return digest_of(rows) == seal.digest
