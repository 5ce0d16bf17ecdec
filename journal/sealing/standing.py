"""How far the journal is sealed, for the operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from journal.models import Entry, Purge, Seal
from journal.sealing.canonical import chained

LATE = timedelta(minutes=10)  # two rounds were missed, or a transaction lasts
COUNTED = 100_000  # beyond, sealing has stopped for long: how many more does not matter


@dataclass(frozen=True, slots=True)
class Standing:
    """``waiting`` entries have no seal yet, the first since ``since``."""

    last: Seal | None
    waiting: int
    since: datetime | None
    purged: int

    @property
    def is_late(self) -> bool:
        return self.since is not None and timezone.now() - self.since > LATE

    @property
    def digest(self) -> str:
        """The head of the chain."""
        return chained(self.last) if self.last else ""


def standing() -> Standing:
    last, purge = Seal.objects.last(), Purge.objects.last()
    unsealed = Entry.objects.filter(pk__gt=last.last_id if last else 0).order_by("pk")
    return Standing(
        last=last,
        waiting=unsealed[:COUNTED].count(),
        since=unsealed.values_list("at", flat=True).first(),
        purged=purge.last if purge else 0,
    )
