"""The day until which the needs of a wave are typed, moved: late pharmacies may then type."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from journal.services import record
from vaccines.models import Wave
from vaccines.services.waves import WaveError, deadline_refusal, require_maker
from vaccines.waves.letters import announce_deadline
from vaccines.waves.tables import moment


class DeadlineChangedError(WaveError):
    """Somebody moved it since the form was shown."""


@transaction.atomic
def move_deadline(*, by: User, wave: Wave, until: datetime, seen: datetime) -> Wave:
    """Until ``until``, which is to come and not after the delivery; ``seen`` is what was shown.

    Journaled; the pharmacies whose need is missing are written to. The same twice writes it once.
    """
    require_maker(by)
    row: Wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    before = row.needs_due_at
    if until == before:
        return row
    if seen != before:
        raise DeadlineChangedError(
            "Quelqu’un vient de changer la date limite\u00a0: elle est maintenant le "
            f"{moment(before)}, vous vouliez le {moment(until)}. Enregistrez de nouveau si c’est "
            "toujours ce qu’il faut."
        )
    if why := deadline_refusal(row.delivers_on, until):
        raise WaveError(why)
    row.needs_due_at = until
    row.save(update_fields=["needs_due_at"])
    record(
        "vaccines.wave_deadline_moved",
        by=by,
        target=row,
        before=moment(before),
        after=moment(until),
    )
    announce_deadline(row, moment(before))
    return row
