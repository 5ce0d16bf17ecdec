"""What has come before: the same file, the same request, whoever sends it again."""

import hashlib
import json
from collections.abc import Sequence

from pui.models import Transmission
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


def same_request(row: Transmission) -> Transmission | None:
    """What the same key made; without a key, the same lines already in force."""
    if row.key and (known := Transmission.objects.filter(pui=row.pui, key=row.key).first()):
        if known.digest != row.digest:
            raise KeyReusedError(
                "Cette clé d’idempotence a déjà servi pour une autre demande\u00a0: prenez-en "
                "une autre."
            )
        return known
    return same_file(row)


def digest_of_lines(lines: Sequence[RawLine], row: Transmission) -> str:
    """Know a request that comes twice by what it says."""
    said = [row.monitored_list_id, row.due_on.isoformat(), *lines]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
