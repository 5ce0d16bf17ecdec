"""What must not start: a demonstration beside production, counters that a process keeps alone."""

from django.conf import settings
from django.core.checks import Error

PER_PROCESS_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")
PRODUCTION_HOSTS = (".gouv.fr",)


def demo_stays_away_from_production(app_configs, **kwargs):
    """DEMO lists the accounts on the login page and shows e-mails: never beside real ones."""
    if not settings.DEMO:
        return []
    errors = []
    if settings.IS_PRODUCTION:
        errors.append(
            Error(
                "DEMO est incompatible avec DATABASE_URL : la démonstration a sa propre base.",
                hint="Retirez DEMO, ou retirez DATABASE_URL.",
                id="config.E001",
            )
        )
    if any(host.endswith(PRODUCTION_HOSTS) for host in settings.ALLOWED_HOSTS):
        errors.append(
            Error(
                "DEMO est incompatible avec un nom d’hôte de production.",
                hint="Retirez DEMO, ou donnez un autre nom dans ALLOWED_HOSTS.",
                id="config.E002",
            )
        )
    return errors


def caches_are_shared(app_configs, **kwargs):
    """A counter of failed logins kept by each worker lets one try as many times as workers."""
    return [
        Error(
            f"Le cache « {alias} » est propre à chaque processus : les limites n’y tiennent pas.",
            hint="Utilisez DatabaseCache ou Redis.",
            id="config.E003",
        )
        for alias, cache in settings.CACHES.items()
        if settings.IS_PRODUCTION and cache["BACKEND"].endswith(PER_PROCESS_CACHES)
    ]
