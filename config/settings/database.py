"""Two roles: the owner migrates, the web role does everything else. And the caches."""

import os
from typing import Any

import dj_database_url

from config import devdb
from config.settings.environment import (
    DATA_DIR,
    DATABASE_REPLICA_URL,
    DATABASE_URL,
    IS_PRODUCTION,
    required,
)

# what each request sends is prepared from its second time on; a pooler that shares a connection
# between transactions must keep prepared statements (PgBouncer does since 1.21), else turn it off
PREPARE_THRESHOLD = None if os.environ.get("PREPARED_STATEMENTS") == "0" else 2
# between two transactions a pooler hands the connection to somebody else: no cursor stays open
DATABASE_POOLED = os.environ.get("DATABASE_POOLED") == "1"
# a host that falls silent is given up in seconds: the system alone waits a quarter of an hour for
# what was sent, two hours for an answer
SILENT_HOST = {
    "connect_timeout": 10,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
}


def kept_open(database: dict, **options: Any) -> dict:
    """The same for every address, which may say otherwise: what the connections are."""
    given = SILENT_HOST | options | database.get("OPTIONS", {})
    return database | {
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
        "OPTIONS": given | {"prepare_threshold": PREPARE_THRESHOLD},
    }


def database_owner() -> dict:
    """Connection settings of the role that owns the tables: migrations, grants, tests."""
    if IS_PRODUCTION:
        owner = dj_database_url.parse(required("DATABASE_OWNER_URL"), engine="config.postgresql")
        return kept_open(owner)
    return {"USER": devdb.OWNER}


DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, engine="config.postgresql", conn_max_age=600)
    if IS_PRODUCTION
    else {
        "ENGINE": "config.devdb",
        "NAME": devdb.DATABASE,
        "USER": devdb.WEB,
        "HOST": str(devdb.socket_folder(DATA_DIR)),
        "CONN_MAX_AGE": 600,
        "DEVDB": str(DATA_DIR),
        "DEVDB_DURABLE": "CI" not in os.environ,
    }
}
DATABASES["default"] = kept_open(DATABASES["default"])
WEB_ROLE = DATABASES["default"]["USER"]
if os.environ.get("DATABASE_ROLE") == "owner":
    DATABASES["default"] |= database_owner()

# A streaming replica, read by the pages of config/replica/routes.py while it is fresh enough, and
# sooner given up: the primary is there
REPLICA_LAG_SECONDS = int(os.environ.get("REPLICA_LAG_SECONDS") or 60)
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = kept_open(
        dj_database_url.parse(DATABASE_REPLICA_URL, engine="config.postgresql", conn_max_age=600),
        connect_timeout=2,
        tcp_user_timeout=5000,
    ) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["common.reading.ReplicaRouter"]

# Limits and one-time codes live apart: ordinary cache writes must never evict them
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_limits",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_pages",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
