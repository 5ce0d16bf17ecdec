"""What the service measures of itself, and what it promises (`docs/operations/surveillance.md`)."""

import os

from django.core.exceptions import ImproperlyConfigured

from monitoring.histogram import BOUNDS

# what each process has measured goes to the database in one batch; 0: never
MEASURES_EVERY_SECONDS = float(os.environ.get("MEASURES_EVERY_SECONDS") or 10)
# the objective: so many requests in a hundred answered in so many milliseconds, without a failure
OBJECTIVE_PERCENT = float(os.environ.get("OBJECTIVE_PERCENT") or 99.9)
OBJECTIVE_MS = int(os.environ.get("OBJECTIVE_MS") or 1000)
if OBJECTIVE_MS not in BOUNDS or not 0 < OBJECTIVE_PERCENT < 100:
    raise ImproperlyConfigured(
        f"OBJECTIVE_MS est l’une de ces durées\u00a0: {', '.join(map(str, BOUNDS))}\u00a0; "
        "OBJECTIVE_PERCENT est entre 0 et 100, sans les atteindre."
    )
