from django.apps import AppConfig


class PuiConfig(AppConfig):
    name = "pui"
    verbose_name = "e-Dispostock"
