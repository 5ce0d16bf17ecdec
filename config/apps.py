from django.apps import AppConfig
from django.core.checks import Tags, register

from config import checks


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "composition"

    def ready(self):
        register(checks.caches_are_shared, Tags.caches)
        register(checks.journal_is_kept)
