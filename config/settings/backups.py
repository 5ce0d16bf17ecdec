"""Where backups go, for whose key they are sealed, and how old the last may be."""

import os
from pathlib import Path

from config import devdb
from config.settings.database import DATABASES
from config.settings.environment import DATA_DIR, IS_PRODUCTION

BACKUP_DIR = Path(os.environ["BACKUP_DIR"]) if os.environ.get("BACKUP_DIR") else None
BACKUP_RECIPIENT = os.environ.get("BACKUP_RECIPIENT", "")
# a role of its own: it reads the whole server by replication, and no table
BACKUP_DATABASE_URL = os.environ.get("BACKUP_DATABASE_URL") or (
    "" if IS_PRODUCTION else f"host={DATABASES['default']['HOST']} user={devdb.BACKUP}"
)
# the log of the server waits there in clear until it is sealed
BACKUP_SPOOL = Path(os.environ.get("BACKUP_SPOOL") or DATA_DIR / "wal-spool")
BACKUP_PROGRAMS = os.environ.get("BACKUP_PROGRAMS", "")
BACKUP_KEPT = int(os.environ.get("BACKUP_KEPT") or 7)
BACKUP_EVERY_HOURS = float(os.environ.get("BACKUP_EVERY_HOURS") or 24)
BACKUP_SECONDS = float(os.environ.get("BACKUP_SECONDS") or 10)
# `/sante/` says that the backups are late past it
BACKUP_MAX_AGE_HOURS = float(os.environ.get("BACKUP_MAX_AGE_HOURS") or 26)
BACKUP_STATE = Path(os.environ.get("BACKUP_STATE") or DATA_DIR / "last-backup.json")
