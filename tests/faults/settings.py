"""The settings of production; the static files alone are not collected, which takes a minute."""

from config.settings.base import *  # noqa: F403
from config.settings.files import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
