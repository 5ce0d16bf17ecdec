"""The door of the web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
application = get_wsgi_application()

# what is loaded stays until the end: the collector need not walk through it during the requests
gc.collect()
gc.freeze()
# a page makes some thousands of short-lived objects: walk through them every few pages
gc.set_threshold(5_000, 10, 10)
