"""From a file to a stored transmission: deposit, answers, confirmation.

Nothing is stored before ``confirm``, then all of it or nothing. What is small is read and stored
while one waits; the rest is left to the task worker, and followed on a page.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, NamedTuple
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.background import digest_of, enqueue_once
from common.tabular import Limits, is_longer
from journal.services import record
from medications.models import MonitoredList
from pui.models import ColumnMapping, Pui, Transmission
from pui.rights import Sender, as_person, may_write
from pui.services.storing import require_open
from pui.tasks.transmissions import read_transmission, store_transmission
from pui.transfer.answering import Choice, apply_answers
from pui.transfer.confirming import (
    DeclaredMeanwhileError,
    compare_again,
    conclude,
    declared_of,
    locked,
    require_complete,
    require_ready,
    require_same_before,
)
from pui.transfer.errors import (
    ChangedMeanwhileError,
    TransmittingError,
    refusals_told,
)
from pui.transfer.filling import (
    drop_file,
    fill,
    followed_for,
    keep,
    lines_of,
    told_columns,
)
from pui.transfer.known import same_file
from pui.transfer.sentences import already_received

__all__ = [
    "ChangedMeanwhileError",
    "Choice",
    "Deposited",
    "TransmittingError",
    "abandon",
    "answer",
    "asks_columns",
    "confirm",
    "deposit",
    "remap",
    "restart",
]

State = Transmission.State
READ_AT_ONCE = 50_000  # bytes: some 1,000 lines
LINES_AT_ONCE = 1_500  # a workbook that repeats itself packs many more in as few bytes
STORED_AT_ONCE = 2_000  # lines declared


class Deposited(NamedTuple):
    """The transmission, and whether it had come before: ``already`` then says when, in words.

    Its state tells what to show: READY the preview, or the question of the columns when
    ``asks_columns(transmission)``; READING the page that follows; CONFIRMED the receipt.
    """

    transmission: Transmission
    already: str = ""


@refusals_told()
def deposit(
    file: "UploadedFile[bytes]",
    *,
    by: User,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date,
    now: datetime | None = None,
) -> Deposited:
    """Read a file and keep what it says until it is confirmed; a large one is left to the worker.

    Raise ``TransmittingError`` when it is no readable table, or when nothing can be declared there.
    """
    now = now or timezone.now()
    row = new_row(by, pui, monitored_list, due_on, Transmission.Origin.FILE, now)
    row.digest = digest_of(file)
    if known := same_file(row):
        return Deposited(known, already_received(known))
    row.filename, file.name = str(file.name)[-200:], uuid4().hex
    if is_read_by_worker(file):
        row.state, row.path = State.READING, file
        with transaction.atomic():
            row.save()
            enqueue_once(read_transmission, row.pk, transmission_id=row.pk)
        return Deposited(row)
    fill(row, file, now=now)
    row.path = file
    row.save()
    return Deposited(row)


def is_read_by_worker(file: "UploadedFile[bytes]") -> bool:
    """One too large to be read at all is refused at once."""
    size = file.size or 0
    return size <= Limits().max_bytes and is_large(file, size)


def is_large(file: IO[bytes], size: int) -> bool:
    return size > READ_AT_ONCE or is_longer(file, LINES_AT_ONCE)


def asks_columns(transmission: Transmission) -> list[str]:
    """The headers of the file when some column needed was not recognised, else nothing."""
    if transmission.state != State.READY or not transmission.report.get("asks"):
        return []
    return [header for header in transmission.report["headers"] if header]


@transaction.atomic
def remap(transmission: Transmission, columns: Mapping[str, str], *, by: User) -> Transmission:
    """Read the file again under the columns told (« ucd », « stock », « daily », « label »,
    « expiry » → its header), and remember them for its next files with the same headers.

    A blank header says that the file has no such column: never of « ucd » and « stock ».
    """
    row = locked(transmission)
    require_writer(row, by)
    require_ready(row)
    told = told_columns(row, columns)
    ColumnMapping.objects.update_or_create(
        pui=row.pui, headers=row.report["headers"], defaults={"columns": told}
    )
    with row.path.open("rb") as file:
        if is_large(file, row.path.size):
            row.state, row.progress, row.seen_at = State.READING, 0, None
            enqueue_once(read_transmission, row.pk, transmission_id=row.pk)
        else:
            fill(row, file, now=timezone.now())
    row.save()
    return row


@transaction.atomic
def answer(
    transmission: Transmission, answers: Mapping[int, Choice], *, by: User, version: int
) -> Transmission:
    """Keep what the person answered, by number of line; ``version`` is that of the page shown."""
    row = locked(transmission)
    require_writer(row, by)
    require_ready(row, version)
    if not answers:
        return row
    lines = lines_of(row)
    apply_answers(lines, answers, followed_for(row, timezone.now()))
    keep(row, lines, by)
    row.save(update_fields=["content", "report", "state"])
    return row


@refusals_told()
def confirm(
    transmission: Transmission,
    *,
    by: User,
    version: int,
    without_refused: bool = False,
    now: datetime | None = None,
) -> Transmission:
    """Store it whole, or raise and store nothing. Its state is then CONFIRMED, or STORING when
    it is so large that the worker does it.
    """
    now = now or timezone.now()
    try:
        return confirm_as_shown(
            transmission, by=by, version=version, without_refused=without_refused, now=now
        )
    except DeclaredMeanwhileError:
        show_again(transmission, now)
        raise


@transaction.atomic
def confirm_as_shown(
    transmission: Transmission, *, by: User, version: int, without_refused: bool, now: datetime
) -> Transmission:
    row = locked(transmission)
    require_writer(row, by)
    require_ready(row, version)
    require_same_before(row)
    lines = lines_of(row)
    require_complete(lines, without_refused=without_refused)
    row.profile = by.active_profile
    if len(declared_of(lines)) <= STORED_AT_ONCE:
        return conclude(row, lines, by=by, now=now)
    row.state, row.progress, row.seen_at = State.STORING, 0, None
    row.report |= {"confirmed_by": str(by), "confirmer": by.pk}
    row.save()
    enqueue_once(store_transmission, row.pk, transmission_id=row.pk)
    return row


@transaction.atomic
def show_again(transmission: Transmission, now: datetime) -> None:
    row = locked(transmission)
    compare_again(row, now)
    row.save(update_fields=["content", "report", "state"])


@transaction.atomic
def abandon(transmission: Transmission, *, by: User) -> None:
    """Give up a declaration that is not confirmed; nothing of it stays but its row."""
    row = locked(transmission)
    require_writer(row, by)
    if row.state not in (State.READING, State.READY, State.REFUSED):
        raise TransmittingError("Cette transmission ne peut plus être abandonnée.")
    row.state, row.content, row.message = State.ABANDONED, [], ""
    drop_file(row)
    row.save(update_fields=["state", "content", "message", "path"])
    record("pui.transmission_abandoned", by=by, target=row, place=row.pui.establishment)


@transaction.atomic
def restart(transmission: Transmission, *, by: User) -> None:
    """Start again the work of a worker that is gone."""
    row = locked(transmission)
    require_writer(row, by)
    if not row.is_stopped:
        raise TransmittingError(
            "Cette transmission est en cours\u00a0: attendez qu’elle se termine."
        )
    row.seen_at, row.message, row.progress = None, "", 0
    row.save(update_fields=["seen_at", "message", "progress"])
    task = read_transmission if row.state == State.READING else store_transmission
    enqueue_once(task, row.pk, transmission_id=row.pk)


def new_row(
    by: Sender, pui: Pui, monitored_list: MonitoredList, due_on: date, origin: str, now: datetime
) -> Transmission:
    """A transmission that this person may make now, not saved yet."""
    row = Transmission(
        pui=pui,
        monitored_list=monitored_list,
        due_on=due_on,
        origin=origin,
        received_by=as_person(by),
        profile=by.active_profile,
    )
    require_open(by, pui, row, now)
    return row


def require_writer(row: Transmission, by: User) -> None:
    if not may_write(by, row.pui, row.monitored_list):
        raise TransmittingError("Votre profil ne vous permet plus de transmettre pour cette PUI.")
