"""Close what has settled: each minute, by the task worker, for a cost that does not grow."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.models import Seal
from journal.sealing.canonical import (
    ID,
    chained,
    digest_of,
    entries_between,
    text_of_seal,
)
from journal.sealing.heads import publish
from journal.sealing.keys import is_signed, known_keys, sign
from journal.sealing.settled import PATIENCE, settled_through

LARGEST = 10_000  # entries of a batch: read at once, and what a purge removes is whole batches


class BrokenChainError(Exception):
    """The last seal is not ours: nothing is added to it. The message is for the operator."""


def seal_pending(*, patience: float = PATIENCE) -> int:
    """Seal what has settled since the last seal; say how many batches were closed."""
    now = timezone.now()
    last = Seal.objects.last()
    bound = settled_through(last.last_id if last else 0, patience=patience)
    done = 0
    while bound is not None and (seal := _seal_next(bound, now)):
        publish(seal)
        done += 1
        if seal.last_id >= bound:
            break
    return done


@transaction.atomic
def _seal_next(bound: int, began: datetime) -> Seal | None:
    """The next batch, up to ``bound``; None when all is sealed, or another worker seals."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.JOURNAL_SEALS])
        if not cursor.fetchone()[0]:
            return None
    last = Seal.objects.last()
    _check_ours(last)
    after = last.last_id if last else 0
    rows = entries_between(after, bound, LARGEST)
    if not rows:
        return None
    is_whole = len(rows) < LARGEST or rows[-1][ID] == bound
    seal = Seal(
        number=last.number + 1 if last else 1,
        first_id=after + 1,
        last_id=bound if is_whole else rows[-1][ID],
        count=len(rows),
        digest=digest_of(rows),
        previous=chained(last) if last else "",
        at=timezone.now(),
        # what comes next was inserted after the bound was read, unless this batch was cut short
        horizon=began if is_whole else last.horizon if last else None,
    )
    sign(seal, text_of_seal)
    seal.save(force_insert=True)
    return seal


def _check_ours(last: Seal | None) -> None:
    if last is None or is_signed(text_of_seal(last), last.key, last.mac):
        return
    if last.key not in known_keys():
        raise BrokenChainError(
            f"Le lot {last.number} porte la clé {last.key}, inconnue\u00a0: donnez l’ancienne dans "
            "JOURNAL_KEY_FALLBACKS."
        )
    raise BrokenChainError(
        f"Le sceau du lot {last.number} est faux\u00a0: lancez manage.py verify_journal."
    )
