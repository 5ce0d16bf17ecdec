"""Migrations that would make people wait: each canary is flagged, and the way to do it is not."""

import pytest
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Now

from config.migrating.reading import FIRST, all_faults, faults_of, later_migrations
from config.migrating.rules import faults_in

SITE = "establishment"
POSITIVE = models.CheckConstraint(condition=models.Q(id__gt=0), name="positive")


@pytest.fixture(scope="module")
def state():
    return MigrationLoader(None, ignore_no_migrations=True).project_state()


def names(state, *operations, atomic=True, accepted=None):
    migration = migrations.Migration("0099_canary", "establishments")
    migration.operations, migration.atomic = list(operations), atomic
    migration.accepted = accepted or {}
    return [fault.rule.name for fault in faults_of(migration, state)]


CANARIES = {
    "colonne-retiree": migrations.RemoveField(SITE, "phone"),
    "nom-change": migrations.RenameField(SITE, "phone", "telephone"),
    "defaut-retire": migrations.AddField(SITE, "beds", models.IntegerField(default=0)),
    "table-recopiee": migrations.AlterField(SITE, "phone", models.CharField(max_length=7)),
    "index-sous-verrou": migrations.AddIndex(SITE, models.Index("phone", name="by_phone")),
    "contrainte-verifiee-sous-verrou": migrations.AddConstraint(SITE, POSITIVE),
    "unicite-sous-verrou": migrations.AddConstraint(
        SITE, models.UniqueConstraint(fields=["phone"], name="one_phone")
    ),
    "table-verrouillee": migrations.RunSQL("LOCK TABLE establishments_establishment"),
}


@pytest.mark.parametrize("name", CANARIES)
@pytest.mark.django_db
def test_a_canary_is_flagged(state, name):
    assert name in names(state, CANARIES[name])


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DROP TABLE old", "colonne-retiree"),
        ("ALTER TABLE a RENAME TO b", "nom-change"),
        ("ALTER TABLE a ADD COLUMN b integer NOT NULL", "colonne-obligatoire"),
        ("ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid()", "table-recopiee"),
        ("ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c) STORED", "table-recopiee"),
        ("ALTER TABLE a ADD COLUMN b bigserial", "table-recopiee"),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", "obligation-verifiee-sous-verrou"),
        ("ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES c (id)", "contrainte-"),
        ("ALTER TABLE a ADD CONSTRAINT k EXCLUDE USING gist (b WITH =)", "unicite-sous-verrou"),
        ("VACUUM FULL a", "table-recopiee"),
        ("TRUNCATE a", "table-verrouillee"),
        ("create unique index k on a (b)", "index-sous-verrou"),
        ("ALTER TABLE a RENAME b TO c", "nom-change"),
        ("ALTER TABLE a DROP IF EXISTS b", "colonne-retiree"),
        ("ALTER TABLE a ADD b integer NOT NULL", "colonne-obligatoire"),
        ("ALTER TABLE a ALTER b TYPE text", "table-recopiee"),
        ("ALTER TABLE a ALTER b SET NOT NULL", "obligation-verifiee-sous-verrou"),
        ("ALTER TABLE a ALTER b DROP DEFAULT", "defaut-retire"),
        ("ALTER TABLE a ADD UNIQUE (b)", "unicite-sous-verrou"),
        ("ALTER TABLE a ADD CHECK (b > 0)", "contrainte-verifiee-sous-verrou"),
        ("ALTER TABLE a ADD COLUMN b integer NULL UNIQUE", "unicite-sous-verrou"),
        ("ALTER TABLE a ADD COLUMN b integer CHECK (b > 0)", "contrainte-verifiee-sous-verrou"),
    ],
)
def test_a_statement_written_by_hand_is_held_to_the_same_rules(statement, name):
    (fault,) = faults_in([statement])
    assert fault.rule.name.startswith(name)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (models.UUIDField(db_default=RandomUUID()), "table-recopiee"),
        (models.IntegerField(null=True, unique=True), "unicite-sous-verrou"),
        (models.PositiveIntegerField(null=True), "contrainte-verifiee-sous-verrou"),
    ],
)
@pytest.mark.django_db
def test_what_a_new_column_brings_with_it_is_read_too(state, field, name):
    assert names(state, migrations.AddField(SITE, "beds", field)) == [name]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE a ADD COLUMN b integer",
        "ALTER TABLE a ADD b integer",
        "ALTER TABLE a DROP CONSTRAINT k",
        "ALTER TABLE a ALTER COLUMN b DROP NOT NULL",
        "ALTER TABLE a ALTER b SET DEFAULT 1",
        "ALTER TABLE a ADD b integer DEFAULT ((1) + (2))",
        "ALTER TABLE a VALIDATE CONSTRAINT k",
    ],
)
def test_what_makes_nobody_wait_passes(statement):
    assert list(faults_in([statement])) == []


@pytest.mark.django_db(transaction=True)
def test_an_index_made_beside_the_writes_passes(state):
    index = AddIndexConcurrently(SITE, models.Index("phone", name="by_phone"))
    assert names(state, index, atomic=False) == []


@pytest.mark.django_db
def test_the_documented_ways_pass(state):
    with_value = models.IntegerField(db_default=0)
    assert names(state, migrations.AddField(SITE, "beds", with_value)) == []
    dated = models.DateTimeField(db_default=Now())
    assert names(state, migrations.AddField(SITE, "seen_at", dated)) == []
    empty = models.IntegerField(null=True)
    assert names(state, migrations.AddField(SITE, "beds", empty)) == []
    unchecked = AddConstraintNotValid(SITE, POSITIVE)
    assert names(state, unchecked) == []
    after = state.clone()
    unchecked.state_forwards("establishments", after)
    assert names(after, ValidateConstraint(SITE, "positive")) == []


@pytest.mark.django_db
def test_a_new_table_has_nobody_yet(state):
    made = migrations.CreateModel(
        "Canary",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("site", models.ForeignKey("establishments.Establishment", models.CASCADE)),
            ("code", models.CharField(max_length=3, unique=True)),
        ],
        {"indexes": [models.Index("code", name="by_code")]},
    )
    assert names(state, made) == []


def test_an_index_beside_the_writes_is_no_part_of_a_transaction():
    statement = "CREATE INDEX CONCURRENTLY i ON a (b)"
    (fault,) = faults_in([statement])
    assert fault.rule.name == "concurrent-en-transaction"
    assert list(faults_in([statement], is_atomic=False)) == []


def test_data_and_structure_do_not_change_together():
    (fault,) = faults_in(["ALTER TABLE a ADD COLUMN b integer NULL"], changes_data=True)
    assert fault.rule.name == "donnees-et-structure"
    (fault,) = faults_in(["UPDATE a SET b = 1", "ALTER TABLE a ADD COLUMN c integer NULL"])
    assert fault.rule.name == "donnees-et-structure"
    assert list(faults_in(["UPDATE a SET b = 1"], changes_data=True)) == []


@pytest.mark.django_db
def test_what_has_a_reason_is_named_with_it(state):
    reason = {"colonne-retiree": "plus lue depuis la version 1.4"}
    assert names(state, CANARIES["colonne-retiree"], accepted=reason) == []
    assert names(state, CANARIES["colonne-retiree"], accepted={"colonne-retiree": ""}) == [
        "colonne-retiree"
    ]


@pytest.mark.django_db
def test_our_migrations_make_nobody_wait():
    assert list(all_faults()) == []


def test_the_first_ones_exist_and_the_others_are_held():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert set(loader.disk_migrations) >= FIRST
    held = {(one.app_label, one.name) for one in later_migrations(loader)}
    assert not held & FIRST
