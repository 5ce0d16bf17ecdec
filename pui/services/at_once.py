"""What the grid or a machine sends: checked and stored in one go, all or nothing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import Pui
from pui.rights import Sender
from pui.services.transmitting import Deposited, new_row
from pui.transfer.confirming import conclude, require_complete
from pui.transfer.errors import LinesRefusedError, TransmittingError, refusals_told
from pui.transfer.filling import checked, followed_for, keep
from pui.transfer.known import digest_of_lines, same_file, same_key
from pui.transfer.sentences import already_received
from pui.transfer.shapes import Answer, Kind, Line, RawLine


@refusals_told()
@transaction.atomic
def transmit_at_once(
    lines: Sequence[RawLine],
    *,
    by: Sender,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date | None,
    origin: str,
    key: str = "",
    changes_are_exact: bool = False,
    exact_codes: Collection[str] = (),
    without_refused: bool = False,
    now: datetime | None = None,
) -> Deposited:
    """Check and store in one go what the grid or a machine sends, all or nothing.

    ``exact_codes`` are those whose large change is said to be exact. Without a due day, the one
    expected is meant. The same ``key`` for the same pharmacy is the same transmission, even once
    its due day is closed: nothing is stored again. Raise ``LinesRefusedError`` with the lines as
    checked when some cannot be stored.
    """
    now = now or timezone.now()
    Pui.objects.select_for_update().get(pk=pui.pk)
    digest = digest_of_lines(lines, monitored_list) if key else ""
    if key and (known := same_key(pui, key, digest, due_on)):
        return Deposited(known, already_received(known))
    due_on = due_on or calendar_of(monitored_list).expected(now).due_on
    row = new_row(by, pui, monitored_list, due_on, origin, now)
    row.key, row.digest = key, digest
    if digest and (known := same_file(row)):
        return Deposited(known, already_received(known))
    found = checked(row, lines, followed_for(row, now))
    said_exact = [one for one in found if changes_are_exact or one.code in exact_codes]
    require_storable(found, said_exact, without_refused=without_refused)
    keep(row, found, by)
    row.save()
    return Deposited(conclude(row, found, by=by, now=now))


def require_storable(
    lines: list[Line], said_exact: Sequence[Line], *, without_refused: bool
) -> None:
    """Answer the large changes said to be exact; raise ``LinesRefusedError`` if any line waits."""
    for line in said_exact:
        if line.kind is Kind.CHANGE:
            line.answer = Answer.EXACT
    try:
        require_complete(lines, without_refused=without_refused)
    except TransmittingError as refusal:
        raise LinesRefusedError(str(refusal), lines) from refusal
