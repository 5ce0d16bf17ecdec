"""The data dictionary is fresh, and nobody adds a column without saying whether it is personal."""

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Profile, User
from config.dictionary import keeping, page, personal
from config.dictionary.personal import Kind, UndeclaredError, kind_of
from config.management.commands import data_dictionary
from orders.models import Registration
from support.models import Ticket

DIRECT = {Kind.IDENTITY, Kind.CONTACT, Kind.CONNECTION, Kind.CONTENT}
EVERY = page._models()


def fields_of(model):
    return model._meta.local_concrete_fields


def kind(model, column):
    return kind_of(model, next(field for field in fields_of(model) if field.column == column))


def test_the_page_is_fresh():
    call_command("data_dictionary", check=True)


def test_a_page_that_has_aged_is_seen(tmp_path, monkeypatch):
    old = tmp_path / "old.md"
    old.write_text(data_dictionary.PATH.read_text(encoding="utf-8").replace("email", "mail", 1))
    monkeypatch.setattr(data_dictionary, "PATH", old)
    with pytest.raises(CommandError, match="a vieilli"):
        call_command("data_dictionary", check=True)


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_each_column_says_whether_it_is_personal(model):
    for field in fields_of(model):
        kind_of(model, field)


@isolate_apps("support")
def test_a_text_of_which_nobody_said_it_is_refused():
    class Secret(models.Model):  # noqa: DJ008
        mothers_maiden_name = models.CharField(max_length=20)

        class Meta:
            app_label = "support"

    with pytest.raises(UndeclaredError, match="mothers_maiden_name"):
        kind(Secret, "mothers_maiden_name")


@pytest.mark.parametrize(
    ("model", "column", "expected"),
    [
        (User, "email", Kind.CONTACT),
        (User, "password", Kind.CONNECTION),
        (User.pgh_event_models["insert"], "last_name", Kind.IDENTITY),
        (Profile, "user_id", Kind.LINK),
        (Profile, "state", Kind.NONE),
        (Registration, "phone", Kind.CONTACT),
        (Ticket, "title", Kind.FREE_TEXT),
    ],
)
def test_what_tells_of_a_person_is_known(model, column, expected):
    assert kind(model, column) is expected


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_a_table_that_tells_of_people_says_how_long_it_is_kept(model):
    if personal.model_followed(model) is model and DIRECT & {
        kind_of(model, field) for field in fields_of(model)
    }:
        label, app = model._meta.label, model._meta.app_label
        assert label in keeping.OF_TABLE or app in keeping.OF_APP


def test_what_is_declared_exists():
    columns = {model._meta.label: {field.column for field in fields_of(model)} for model in EVERY}
    assert set(personal.OF_TABLE) | set(keeping.OF_TABLE) <= set(columns)
    for label, declared in personal.OF_TABLE.items():
        assert set(declared) - columns[label] == set()
    assert set(personal.BY_NAME) - set().union(*columns.values()) == set()


def test_every_table_is_told_once():
    text = page.dictionary()
    for model in EVERY:
        assert text.count(f"`{model._meta.db_table}`") >= 1
    heads = [line for line in text.splitlines() if line.startswith("### ")]
    assert len(heads) == len(set(heads))
