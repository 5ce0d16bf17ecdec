"""Which tables could be spread over several servers by establishment, and what each would need.

Citus puts all rows of one establishment on one server: a spread table needs ``establishment_id``,
in its primary key and in every unique constraint. Read from the models, so that a new table says at
once where it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from common.reading import SHOWN

KEY = "establishment_id"
OWN_APPS = SHOWN | {"accounts", "journal", "support"}
DEEPEST = 3  # foreign keys followed to reach an establishment

Model = type[models.Model]
SPREAD, NEAR, OTHER = "répartie", "à rapprocher", "autre"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one table stands, and what it lacks."""

    table: str
    kind: str
    needs: str


def all_places() -> list[Place]:
    return sorted(map(place_of, own_models()), key=lambda one: (one.kind != SPREAD, one.table))


def own_models() -> Iterator[Model]:
    for model in apps.get_models(include_auto_created=True):
        is_history = hasattr(model, "pgh_tracked_model")  # follows the table it tells of
        if model._meta.app_label in OWN_APPS and model._meta.managed and not is_history:
            yield model


def place_of(model: Model) -> Place:
    table = model._meta.db_table
    if table == "establishments_establishment":
        return Place(table, OTHER, "copiée partout")
    if KEY in columns_of(model):
        return Place(table, SPREAD, needs_of(model))
    if way := way_to_establishment(model):
        return Place(table, NEAR, f"ajouter `{KEY}`, connu par `{'.'.join(way)}`")
    return Place(table, OTHER, "ne tient à aucun établissement")


def columns_of(model: Model) -> set[str]:
    return {one.column for one in model._meta.local_concrete_fields}


def needs_of(model: Model) -> str:
    """The keys that would have to hold the establishment; the field may be empty, or not."""
    lacking = []
    if KEY not in primary_key(model):
        lacking.append("clé primaire")
    lacking += [f"`{name}`" for name, columns in unique_keys(model) if KEY not in columns]
    field = next(one for one in model._meta.local_concrete_fields if one.column == KEY)
    parts = [f"à élargir\u00a0: {', '.join(lacking)}"] if lacking else ["prête"]
    return "\u00a0; ".join([*parts, *(["colonne parfois vide"] if field.null else [])])


def primary_key(model: Model) -> set[str]:
    key = model._meta.pk
    parts = key.fields if isinstance(key, models.CompositePrimaryKey) else [key]
    return {one.column for one in parts}


def unique_keys(model: Model) -> Iterator[tuple[str, set[str]]]:
    for one in model._meta.local_concrete_fields:
        if one.unique and not one.primary_key:
            yield one.column, {one.column}
    for constraint in model._meta.total_unique_constraints:
        names = [model._meta.get_field(name).column for name in constraint.fields]
        yield constraint.name, set(names)


def way_to_establishment(model: Model) -> list[str]:
    """The shortest chain of compulsory foreign keys that leads to one establishment."""
    ways: list[tuple[Model, list[str]]] = [(model, [])]
    seen = {model}
    for _ in range(DEEPEST):
        longer = []
        for last, way in ways:
            for field in compulsory_keys(last):
                there = field.remote_field.model
                if KEY in columns_of(there):
                    return [*way, field.name, "establishment"]
                if there not in seen:
                    seen.add(there)
                    longer.append((there, [*way, field.name]))
        ways = longer
    return []


def compulsory_keys(model: Model) -> Iterator[models.ForeignKey]:
    for one in model._meta.local_concrete_fields:
        if isinstance(one, models.ForeignKey) and not one.null:
            there = one.remote_field.model
            if there._meta.app_label in OWN_APPS:
                yield one


def distribution_table() -> str:
    places = all_places()
    near = [one for one in places if one.kind in (SPREAD, NEAR)]
    names = ", ".join(f"`{one.table}`" for one in places if one not in near)
    spread = sum(one.kind == SPREAD for one in near)
    lines = [
        f"{len(places)} tables\u00a0: {spread} «\u00a0{SPREAD}\u00a0», "
        f"{len(near) - spread} «\u00a0{NEAR}\u00a0», "
        f"{len(places) - len(near)} autres.",
        "",
        "| Table | Place | Ce qu’il faudrait |",
        "| --- | --- | --- |",
        *(f"| `{one.table}` | {one.kind} | {one.needs} |" for one in near),
        "",
        f"Les autres\u00a0: {names}.",
    ]
    return "\n".join(lines) + "\n"
