"""Settings of the tests: the real database, no collected files, quick password hashing."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.database import DATABASES, database_owner
from config.settings.environment import DATA_DIR

SECRET_KEY = "tests-only"  # noqa: S105
JOURNAL_KEYS = ["tests-only-too"]
DEMO = False
SECOND_FACTOR = "off"  # the tests of the second factor turn it on
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SITE_URL = "http://testserver"
DATABASES["default"] |= database_owner()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# several processes test side by side: one must not sweep the files of another
MEDIA_ROOT = DATA_DIR / "test-files" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
JOURNAL_HEADS_FILE = MEDIA_ROOT / "journal-seals.jsonl"
BACKUP_STATE = MEDIA_ROOT / "last-backup.json"  # what another run left says nothing of this one
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEASURES_EVERY_SECONDS = 0  # the tests of the measures write them when they want
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"

# No collected files: straight from the finders
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
