"""The door of the web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
application = get_wsgi_application()

# what is loaded stays until the end: the collector need not walk through it during the requests
gc.collect()
gc.freeze()
