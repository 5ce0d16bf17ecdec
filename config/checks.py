"""What must not start: counters that a process keeps alone, a journal that is not kept."""

from django.conf import settings
from django.core.checks import Error

PER_PROCESS_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")
# 0 would purge all but the last day; an account is forgotten 90 days after what the journal tells
SHORTEST_JOURNAL = 6


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


def journal_is_kept(app_configs, **kwargs):
    """``prepare_database`` writes this delay in the owner’s functions that remove and empty."""
    if settings.JOURNAL_KEPT_MONTHS >= SHORTEST_JOURNAL:
        return []
    return [
        Error(
            f"JOURNAL_KEPT_MONTHS vaut {settings.JOURNAL_KEPT_MONTHS}\u00a0: le journal se garde "
            f"au moins {SHORTEST_JOURNAL}\u00a0mois.",
            id="config.E002",
        )
    ]
