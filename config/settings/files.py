"""The files that go out with the pages, and those that come in."""

import os
from pathlib import Path

from config.settings.environment import BASE_DIR, DATA_DIR, DEMO

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO  # compressing takes a minute, for nothing on one's own machine
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "files"  # never served: read back by the task worker only
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# the daily snapshots of stocks that dashboards read: some 10 MB a day for the country
SNAPSHOT_DAYS = int(os.environ.get("SNAPSHOT_DAYS") or 92)
# the journal: the heads of its chain, to copy elsewhere, and for how long its entries are kept
JOURNAL_HEADS_FILE = DATA_DIR / "journal-seals.jsonl"
JOURNAL_KEPT_MONTHS = int(os.environ.get("JOURNAL_KEPT_MONTHS") or 36)
# where each warehouse finds its order files, and how often one is written
LOGISTICS_DIR = Path(os.environ.get("LOGISTICS_DIR") or DATA_DIR / "logistics")
ORDER_FILE_MINUTES = int(os.environ.get("ORDER_FILE_MINUTES") or 10)
