"""What each app of ours offers under one name (``home``, ``search``…), without naming any app."""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

COMPOSING = ("config", "common")


@cache
def modules(name: str) -> list[ModuleType]:
    """The module ``name`` of each app that has one, the lowest floor first."""
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return [
        import_module(f"{app.name}.{name}")
        for app in ours
        if app.name not in COMPOSING
        and app.module is not None
        and module_has_submodule(app.module, name)
    ]
