"""The door of the web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
application = get_wsgi_application()

# every page's code at once, rather than with the first request: loaded before the web server makes
# its processes (``--preload``), it is shared between them
get_resolver().url_patterns  # noqa: B018 - read for its imports

# what is loaded stays until the end: the collector need not walk through it during the requests
gc.collect()
gc.freeze()
# a page makes some thousands of short-lived objects: walk through them every few pages
gc.set_threshold(5_000, 10, 10)
