"""The age of the last good backup, as `/sante/`, the operator and the alerts read it.

A file beside the data, written whole by whoever saves: this command, or pgBackRest's
(deploy/pgbackrest/note).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from config.backups.repository import write_json

# the log is received every few seconds: past this it is no longer
LONGEST_SILENCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """``full``: the last whole copy. ``log``: until when the changes since are safe."""

    full: datetime
    size: int
    log: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        longest = timedelta(hours=settings.BACKUP_MAX_AGE_HOURS)
        silent = self.log is not None and now - self.log > LONGEST_SILENCE
        return silent or now - self.full > longest


def last_backup() -> LastBackup | None:
    """None: nobody told of one, or what was told cannot be read."""
    try:
        told = json.loads(settings.BACKUP_STATE.read_bytes())
        log = told.get("log")
        return LastBackup(
            aware(told["full"]), int(told["size"]), None if log is None else aware(log)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def state_of_backups(now: datetime | None = None) -> dict[str, Any]:
    """Late or unknown, the service serves all the same: nobody is sent away for it."""
    last, now = last_backup(), now or timezone.now()
    if last is None:
        return {"backup": "unknown", "backup_age_seconds": None}
    return {
        "backup": "late" if last.is_late(now) else "ok",
        "backup_age_seconds": max(0, int((now - last.full).total_seconds())),
    }


def note(last: LastBackup) -> None:
    settings.BACKUP_STATE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(settings.BACKUP_STATE, {"full": last.full, "size": last.size, "log": last.log})
