"""The migrations to hold to the rules: ours, but the first ones, which make the tables."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.migrating.rules import Fault, faults_in

# applied to an empty base, before anybody came
FIRST = frozenset(
    {
        ("accounts", "0002_initial"),
        ("accounts", "0003_region_of_entity"),
        ("establishments", "0002_initial"),
        ("epi_stocks", "0002_functions"),
    }
)


def later_migrations(loader: MigrationLoader) -> Iterator[Migration]:
    ours = {
        one.label for one in apps.get_app_configs() if Path(one.path).parent == settings.BASE_DIR
    }
    for label, name in sorted(loader.disk_migrations):
        migration = loader.disk_migrations[label, name]
        if label in ours and not migration.initial and (label, name) not in FIRST:
            yield migration


def faults_of(migration: Migration, before: ProjectState) -> list[Fault]:
    """But those that it accepts, with its reason."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(before.clone(), editor, collect_sql=True)
    found = faults_in(
        editor.collected_sql,
        is_atomic=migration.atomic,
        changes_data=any(isinstance(one, RunPython) for one in migration.operations),
    )
    accepted = getattr(migration, "accepted", {})
    return [one for one in found if not accepted.get(one.rule.name)]


def all_faults() -> Iterator[tuple[Migration, Fault]]:
    """Nothing is applied: the state before each migration is that of those it depends on."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for migration in later_migrations(loader):
        key = (migration.app_label, migration.name)
        before = loader.project_state(key, at_end=False)
        yield from ((migration, fault) for fault in faults_of(migration, before))
