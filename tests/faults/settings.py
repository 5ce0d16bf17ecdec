"""The settings of production; the static files alone are not collected, which takes a minute."""

import os
import select
import time

from config.settings.base import *  # noqa: F403
from config.settings.files import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# libfaketime 0.9.10 spoils the moment until which Python sleeps: the system refuses it at times,
# and gunicorn ends
if "FAKETIME" in os.environ:
    time.sleep = lambda seconds: select.select([], [], [], seconds)
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
