"""What must not start: counters that a process keeps alone."""

from django.conf import settings
from django.core.checks import Error

PER_PROCESS_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")


def caches_are_shared(app_configs, **kwargs):
    """A counter of failed logins kept by each worker lets one try as many times as workers."""
    return [
        Error(
            f"Le cache « {alias} » est propre à chaque processus : les limites n’y tiennent pas.",
            hint="Utilisez DatabaseCache ou Redis.",
            id="config.E001",
        )
        for alias, cache in settings.CACHES.items()
        if settings.IS_PRODUCTION and cache["BACKEND"].endswith(PER_PROCESS_CACHES)
    ]
