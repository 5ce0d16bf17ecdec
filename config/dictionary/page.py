"""The page: an index, then each table with its columns."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from config.dictionary.keeping import kept
from config.dictionary.personal import Kind, kind_of, model_followed

PREFACE: Final = Path(__file__).with_name("preface.md")


def dictionary() -> str:
    """The whole page."""
    shown = [model for model in _models() if model_followed(model) is model]
    parts = [PREFACE.read_text(encoding="utf-8"), _summary(shown)]
    for app, own in groupby(shown, key=lambda model: model._meta.app_label):
        parts.append(f"## {app}\n\n")
        parts.extend(map(_table, own))
    return "".join(parts).rstrip() + "\n"


def _models() -> list[type[models.Model]]:
    """Every table, in the order of the apps; neither proxies nor views."""
    every = apps.get_models(include_auto_created=True)
    return [one for one in every if not one._meta.proxy and one._meta.label != "pghistory.Events"]


def _summary(shown: Iterable[type[models.Model]]) -> str:
    """Which tables hold what tells of a person: what a data protection officer reads first."""
    lines = [
        "## Où sont les données personnelles\n\n",
        "| Table | Colonnes | Gardée |\n| --- | --- | --- |\n",
    ]
    for model in shown:
        held = [
            f"{field.column} ({kind})"
            for field in _columns(model)
            if (kind := kind_of(model, field)) not in (Kind.NONE, Kind.LINK, Kind.FREE_TEXT)
        ]
        if held:
            lines.append(f"| `{model._meta.db_table}` | {', '.join(held)} | {kept(model)} |\n")
    return "".join([*lines, "\n"])


def _table(model: type[models.Model]) -> str:
    head = [f"### {_plain(model._meta.verbose_name)} (`{model._meta.db_table}`)\n\n"]
    head.append(f"Gardée\u00a0: {kept(model)}.{_history(model)}\n\n")
    head.append("| Colonne | Type | Vide | Sens | Personnelle |\n| --- | --- | --- | --- | --- |\n")
    return "".join([*head, *(_row(model, field) for field in _columns(model)), "\n"])


def _history(model: type[models.Model]) -> str:
    """Its history table, and the columns it leaves out."""
    event = next((one for one in apps.get_models() if _follows(one, model)), None)
    if event is None:
        return ""
    there = {field.column for field in _columns(event)}
    left = [field.column for field in _columns(model) if field.column not in there]
    but = f", sans {', '.join(left)}" if left else ""
    return f" Historique\u00a0: `{event._meta.db_table}`{but}."


def _follows(event: type[models.Model], model: type[models.Model]) -> bool:
    return event is not model and model_followed(event) is model


def _columns(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    return iter(model._meta.local_concrete_fields)


def _row(model: type[models.Model], field: "models.Field[Any, Any]") -> str:
    kind = kind_of(model, field)
    cells = [
        f"`{field.column}`",
        field.db_type(connection) or "",
        "oui" if field.null else "",
        _meaning(field),
        "" if kind is Kind.NONE else kind,
    ]
    return f"| {' | '.join(cells)} |\n"


def _meaning(field: "models.Field[Any, Any]") -> str:
    """Its name in words, its help, what it points to or the values it may take."""
    parts = [_plain(field.verbose_name)]
    if field.help_text:
        parts.append(_plain(field.help_text))
    if field.is_relation and field.related_model is not None:
        parts.append(f"→ `{field.related_model._meta.db_table}`")
    if field.choices:
        values = [f"`{value}` {_plain(label)}" for value, label in field.flatchoices]
        parts.append(", ".join(values))
    return "\u00a0; ".join(parts)


def _plain(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
