"""What the task worker does of a large file: read it, then store it once it is confirmed.

Both may be killed at any moment and started again: what is stored goes in one transaction, which
also writes the new state.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.denials import VERB as DENIED
from accounts.models import User
from common.background import long_silent
from journal.services import record
from pui.models import Transmission
from pui.rights import may_write
from pui.transfer.confirming import (
    WITH_ALL,
    DeclaredMeanwhileError,
    compare_again,
    conclude,
    locked,
    require_same_before,
)
from pui.transfer.errors import TransmittingError, refusals_told
from pui.transfer.filling import drop_file, fill, lines_of

State = Transmission.State
KEPT_FOR = timedelta(days=7)


class AbandonedError(Exception):
    """It is no longer in the state this job works on: abandoned, or done by another."""


def read_job(transmission_id: int) -> None:
    """Read and compare, so that the person may decide."""
    work_on(transmission_id, State.READING, read)


def store_job(transmission_id: int) -> None:
    """Store what was shown and confirmed, all of it or nothing, by the rights held now."""
    work_on(transmission_id, State.STORING, store_confirmed)


def work_on(transmission_id: int, state: str, work: Callable[[Transmission], None]) -> None:
    """Do nothing of one that is elsewhere; a failure is said, then left to the log."""
    rows = Transmission.objects.select_related("received_by", *WITH_ALL)
    row = rows.filter(pk=transmission_id, state=state).first()
    if row is None:
        return
    try:
        tell(row, 0)
        work(row)
    except AbandonedError:
        return
    except Exception:
        waiting = Transmission.objects.filter(pk=row.pk, state=state)
        waiting.update(
            seen_at=long_silent(),
            message="Le traitement s’est interrompu. Rien n’a été enregistré\u00a0: relancez-le.",
        )
        raise


def read(row: Transmission) -> None:
    now = timezone.now()
    try:
        person_of(row, row.received_by)
        with row.path.open("rb") as file:
            fill(row, file, now=now, progress=lambda count: tell(row, count))
    except TransmittingError as refusal:
        conclude_reading(row, state=State.REFUSED, message=str(refusal), content=[])
        drop_file(row)
        Transmission.objects.filter(pk=row.pk).update(path="")
        return
    conclude_reading(
        row,
        state=row.state,
        message="",
        content=row.content,
        report=row.report,
        origin=row.origin,
    )


def conclude_reading(row: Transmission, **fields: object) -> None:
    """Change the state only from the one expected: two workers on one file conclude once."""
    mine = Transmission.objects.filter(pk=row.pk, state=State.READING)
    if not mine.update(seen_at=timezone.now(), **fields):
        raise AbandonedError


def store_confirmed(row: Transmission) -> None:
    """What stops it gives it back to the person, with the reason."""
    people = User.objects.filter(pk=row.report.get("confirmer"))
    try:
        with refusals_told(), transaction.atomic():
            mine = locked(row)
            if mine.state != State.STORING:
                raise AbandonedError
            by = person_of(mine, people.first())
            require_same_before(mine)
            conclude(mine, lines_of(mine), by=by, now=timezone.now())
    except TransmittingError as refusal:
        give_back(row, people.first(), refusal)


@transaction.atomic
def give_back(row: Transmission, by: User | None, refusal: TransmittingError) -> None:
    """To the person, compared again when another transmission was confirmed meanwhile."""
    mine = locked(row)
    if mine.state != State.STORING:
        return
    if isinstance(refusal, DeclaredMeanwhileError):
        compare_again(mine, timezone.now())
    mine.state, mine.message, mine.seen_at = State.READY, str(refusal), timezone.now()
    mine.save(update_fields=["state", "message", "seen_at", "content", "report"])
    record(DENIED, by=by, target=row, reason=str(refusal))


def person_of(row: Transmission, by: User | None) -> User:
    """The person with the rights they hold now, under the profile of their request."""
    if by is not None:
        by.chosen_profile_id = row.profile_id
    if by is None or not by.is_active or not may_write(by, row.pui, row.monitored_list):
        raise TransmittingError(
            "Votre profil ne vous permet plus de transmettre pour cette PUI\u00a0: rien n’a été "
            "enregistré."
        )
    return by


def tell(row: Transmission, count: int) -> None:
    """Give a sign of life, or stop: somebody abandoned the file meanwhile."""
    alive = Transmission.objects.filter(pk=row.pk, state__in=(State.READING, State.STORING))
    if not alive.update(progress=count, seen_at=timezone.now()):
        raise AbandonedError


def forget_old() -> None:
    """What nobody confirmed is abandoned after a week: sent on a Friday, found again on Monday."""
    waiting = (State.READING, State.READY, State.REFUSED)
    old = Transmission.objects.filter(state__in=waiting, received_at__lt=timezone.now() - KEPT_FOR)
    for row in old.only("pk", "path"):
        with transaction.atomic():
            drop_file(row)
            mine = Transmission.objects.filter(pk=row.pk, state__in=waiting)
            mine.update(state=State.ABANDONED, content=[], path="")
