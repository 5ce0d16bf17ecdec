"""The journal says who did what, under which profile, and nobody rewrites it."""

from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg import sql
from psycopg.types.json import Jsonb

from accounts.models import Profile, User
from accounts.services.legacy import issue_legacy_code
from config.database import append_only_tables
from journal.models import Entry
from journal.services import record
from tests.builders import PASSWORD, make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_web_role(web_connection):
    def run(statement, *names):
        web_connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    return run


def test_an_entry_says_who_did_what_where_and_under_which_profile():
    site = make_establishment()
    person = make_person("APE", on=site)
    person.request_address = "192.0.2.1"
    entry = record("test.done", by=person, target=site, place=site, reason="parce que")
    assert entry.by == person
    assert entry.profile == str(Profile.objects.get(user=person))
    assert (entry.finess, entry.region_code, entry.department_code) == (site.finess, "24", "45")
    assert entry.details == {"reason": "parce que"}
    assert entry.address == "192.0.2.1"


def test_an_entry_outlives_the_profile_it_names():
    person = make_person("APE", on=make_establishment(name="Hôpital de la Rive"))
    entry = record("test.done", by=person)
    Profile.objects.filter(user=person).update(state=Profile.State.ENDED)
    entry.refresh_from_db()
    assert "Hôpital de la Rive" in entry.profile


def test_an_entry_carries_the_number_shown_on_the_page(client_for):
    client = client_for("GF")
    response = client.get(reverse("legacy_codes"))
    assert Entry.objects.get(verb="account.access_denied").request_id == response["X-Request-Id"]


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}"])
def test_the_site_removes_nothing_from_journal_and_histories(as_web_role, table, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=table):
        as_web_role(statement, table)


@pytest.mark.parametrize("table", append_only_tables())
def test_the_site_changes_nothing_in_journal_and_histories(as_web_role, table):
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    open_to_context = ("metadata", "updated_at")
    column = next(one.name for one in description if one.name not in open_to_context)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=table):
        as_web_role("UPDATE {} SET {} = {}", table, column, column)


def test_the_site_appends_to_the_journal(as_web_role):
    as_web_role(
        "INSERT INTO journal_entry (at, verb, profile, target, finess, region_code,"
        " department_code, details, request_id)"
        " VALUES (now(), 'test.done', '', '', '', '', '', '{{}}', '')"
    )


def test_the_list_of_append_only_tables_has_every_history():
    histories = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__name__.endswith("Event") and hasattr(model, "pgh_tracked_model")
    }
    assert histories
    assert {"journal_entry", "epi_stocks_replacedline", *histories} <= set(append_only_tables())


@pytest.mark.parametrize("change", ["update", "delete"])
def test_even_the_owner_does_not_rewrite_an_entry(change):
    entry = record("test.done", by=None)
    rows = Entry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(verb="test.other") if change == "update" else rows.delete()


def test_history_knows_the_profile_and_the_request_of_a_change():
    person, site = make_person("APE"), make_establishment()
    make_person("APE", user=person)
    _, text = issue_legacy_code(site, by=make_person("ARA", on=site.region))
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    chosen = person.usable_profiles[0]
    client.post(reverse("profiles:use"), {"profile": chosen.pk})
    response = client.post(
        reverse("legacy_claim"), {"identifier": f"ES-{site.finess}", "code": text}
    )
    event = Profile.objects.get(user=person, establishment=site).events.latest("pgh_id")
    told = event.pgh_context.metadata
    assert told["user"] == person.pk
    assert told["profile"] == chosen.pk
    assert told["request"] == response["X-Request-Id"]
    assert told["address"] == "127.0.0.1"


@pytest.fixture
def change_context(web_connection):
    """Make a context of some age, change it as the site may, and read what remains."""

    def change(age, before, after):
        key = uuid4()
        web_connection.execute(
            "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
            " VALUES (%s, now() - %s::interval, now(), %s)",
            [key, age, Jsonb(before)],
        )
        web_connection.execute(
            "UPDATE pghistory_context SET metadata = %s WHERE id = %s", [Jsonb(after), key]
        )
        left = web_connection.execute("SELECT metadata FROM pghistory_context WHERE id = %s", [key])
        return left.fetchone()[0]

    return change


def test_a_request_completes_what_it_says_of_itself(change_context):
    before, after = {"user": None, "url": "/a"}, {"user": 5, "url": "/a", "request": "x"}
    assert change_context("2 seconds", before, after) == after
    assert change_context("0", {"user": 1}, {"user": 5}) == {"user": 5}


def test_a_later_transaction_rewrites_nothing_of_what_was_said(change_context):
    before = {"url": "/a", "user": 1}
    assert change_context("2 seconds", before, {"url": "/b", "user": 5}) == before
    assert change_context("2 seconds", before, {}) == before


def test_the_site_does_not_touch_the_context_of_an_older_change(change_context):
    with pytest.raises(psycopg.errors.RaiseException, match="pghistory_context"):
        change_context("10 minutes", {"user": None}, {"user": 5})


def test_history_never_holds_a_password():
    user = make_user()
    user.set_password("Une-autre-phrase-longue")
    user.save()
    fields = {field.name for field in User.events.rel.related_model._meta.get_fields()}
    assert not {"password", "last_login"} & fields
    assert user.events.count()


@pytest.mark.parametrize(
    "address", ["/plage/ape/export/", "/plage/comptes/fichier/csv/", "/plage/journal/fichier/csv/"]
)
def test_what_no_column_takes_is_written_with_a_mark_instead(client_for, address):
    site = make_establishment()
    answer = client_for("ARA", on=site.region).get(address, {"recherche": "a\x00b", "\x00": "c"})
    assert answer.status_code == 200
    if answer.streaming:
        b"".join(answer)  # read to its end, which closes it
    assert "\x00" not in str(Entry.objects.latest("pk").details)
