"""What the migrations of several apps are made of."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger


class CreateFirst(CreateModel):
    """A model of a first migration: nothing points to it yet, so it is drawn alone.

    Django draws again, at each new model, every one that it points to and all those around: nearly
    all of the time that making a database took.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        def draw(label: str, name: str, delay: bool = False) -> None:
            state.apps.render_multiple([state.models[label, name]])

        vars(state)["reload_model"] = draw
        try:
            super().state_forwards(app_label, state)
        finally:
            del vars(state)["reload_model"]


class AddTriggers(Operation):
    """The triggers of many models at once, as ``(model, trigger)``.

    ``pgtrigger`` adds them one by one, and each makes Django draw again every model that this one
    points to: a minute of the making of a database. A trigger changes nothing of a drawn model.
    """

    def __init__(self, triggers: Sequence[tuple[str, Trigger]]) -> None:
        self.triggers = list(triggers)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, trigger in self.triggers:
            options = state.models[app_label, name].options
            options["triggers"] = [*options.get("triggers", []), trigger]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for _name, trigger in self.triggers:
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for _name, trigger in self.triggers:
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        return f"Create {len(self.triggers)} triggers"

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return (type(self).__name__, [], {"triggers": self.triggers})
