"""Where we run, and what the environment must say there."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()
DATABASE_URL = os.environ.get("DATABASE_URL", "")
IS_PRODUCTION = bool(DATABASE_URL)
DATABASE_REPLICA_URL = os.environ.get("DATABASE_REPLICA_URL", "")
DEMO = os.environ.get("DEMO") == "1"
DEBUG = os.environ.get("DEBUG") == "1" and not IS_PRODUCTION
PRODUCTION_HOSTS = (".gouv.fr",)


def required(name: str) -> str:
    """Return a variable that production cannot do without."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"La variable {name} est nécessaire en production.")
    return value
