"""What has come before: the same file, the same request, whoever sends it again."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from medications.models import MonitoredList
from pui.models import Pui, Transmission
from pui.transfer.confirming import WITH_ALL
from pui.transfer.errors import KeyReusedError
from pui.transfer.shapes import RawLine

State = Transmission.State


def same_file(row: Transmission) -> Transmission | None:
    """The same file already in force or under way for the same due day: one transmission."""
    states = (State.CONFIRMED, State.READING, State.READY, State.STORING)
    same = Transmission.objects.filter(
        pui=row.pui,
        monitored_list=row.monitored_list,
        due_on=row.due_on,
        digest=row.digest,
        state__in=states,
    )
    return same.select_related(*WITH_ALL).first()


def same_key(pui: Pui, key: str, digest: str, due_on: date | None) -> Transmission | None:
    """What the same key made. Raise ``KeyReusedError`` when it came with something else."""
    rows = Transmission.objects.filter(pui=pui, key=key).select_related(*WITH_ALL)
    known: Transmission | None = rows.first()
    if known and (known.digest != digest or due_on not in (None, known.due_on)):
        raise KeyReusedError(
            "Cette clé d’idempotence a déjà servi pour une autre demande\u00a0: prenez-en "
            "une autre."
        )
    return known


def digest_of_lines(lines: Sequence[RawLine], monitored_list: MonitoredList) -> str:
    """Know a request that comes twice by what it says."""
    said = [monitored_list.pk, *lines]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
