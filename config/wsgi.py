"""The door of the web servers."""

import gc
import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
application = get_wsgi_application()

# every page's code at once, rather than with the first request: loaded before the web server makes
# its processes (``--preload``), it is shared between them
get_resolver().url_patterns  # noqa: B018 - read for its imports

# the guides, for the search; where the static files are not collected yet, the first search does it
with suppress(ValueError):
    import_string("support.guides.finding.prepare")()

# what is loaded stays until the end: the collector need not walk through it during the requests
gc.collect()
gc.freeze()
# a page makes some thousands of short-lived objects: walk through them every few pages
gc.set_threshold(5_000, 10, 10)
