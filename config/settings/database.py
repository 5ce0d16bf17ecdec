"""Two roles: the owner migrates, the web role does everything else. And the caches."""

import os

import dj_database_url

from config import devdb
from config.settings.environment import DATA_DIR, DATABASE_URL, IS_PRODUCTION, required


def database_owner() -> dict:
    """Connection settings of the role that owns the tables: migrations, grants, tests."""
    if IS_PRODUCTION:
        return dj_database_url.parse(required("DATABASE_OWNER_URL"), engine="config.postgresql")
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
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# what each request sends is prepared from its second time on; a pooler that shares a connection
# between transactions must keep prepared statements (PgBouncer does since 1.21), else turn it off
DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
    "prepare_threshold": None if os.environ.get("PREPARED_STATEMENTS") == "0" else 2
}
WEB_ROLE = DATABASES["default"]["USER"]
if os.environ.get("DATABASE_ROLE") == "owner":
    DATABASES["default"] |= database_owner()

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
