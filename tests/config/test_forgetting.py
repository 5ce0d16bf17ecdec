"""What the whole database still says of somebody: nothing outside the journal, after the delay."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from accounts.models import Habilitation, Invitation, Profile, User
from accounts.services.account import (
    KEPT,
    anonymise_closed_accounts,
    change_identity,
    close_account,
    forget_old_histories,
)
from accounts.services.errors import AccountError
from config.forgetting import histories_of_persons
from journal.models import Entry
from journal.services import record
from orders.models import Registration
from tests.builders import make_establishment, make_person, make_user
from tests.journal.tampering import tamper

pytestmark = pytest.mark.django_db
TRACES = ["zoltanova", "kovaczek", "0777777777"]
FORGET = "SELECT forget_person(%s)"


def tables_that_tell(words):
    """Of every table but the journal, which has its own delay."""
    asked, found = [f"%{word}%" for word in words], []
    look = SQL("SELECT 1 FROM {} AS told WHERE told::text ILIKE ANY(%s) LIMIT 1")
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"journal_entry"}
        for table in sorted(tables):
            cursor.execute(look.format(Identifier(table)), [asked])
            found += [table for _ in cursor.fetchall()]
    return found


def zoltanova():
    """Somebody who was invited, changed their name, registered for orders, has a desk."""
    site = make_establishment()
    person = make_person("OIE", on=site, user=make_user(email="zoltanova@hopital.example"))
    change_identity(person, first_name="Iris", last_name="Kovaczek", phone="0777777777")
    profile = person.profiles.get()
    profile.phone, profile.email = "0777777777", "zoltanova.nuit@hopital.example"
    profile.save()
    told = {"civility": "mme", "first_name": "Iris", "last_name": "Kovaczek", "status": "public"}
    told |= {"email": "zoltanova@hopital.example", "phone": "0777777777"}
    Registration.objects.create(profile=profile, **told)
    invite(site, accepted_by=person, accepted_at=timezone.now())
    invite(site)
    return person


def invite(site, **fields):
    return Invitation.objects.create(
        establishment=site,
        email="zoltanova@hopital.example",
        last_name="Kovaczek",
        level="entity",
        invited_by=make_person("APE", on=site),
        **fields,
    )


def close(person, time_machine, span=KEPT + timedelta(hours=1)):
    now = timezone.now()
    time_machine.move_to(now - span)
    close_account(person, by=person)
    time_machine.move_to(now)


def test_after_the_delay_no_table_tells_who_the_account_belonged_to(time_machine):
    person = zoltanova()
    close(person, time_machine)
    assert {
        "accounts_user",
        "accounts_userevent",
        "accounts_profileevent",
        "accounts_invitation",
        "accounts_invitationevent",
        "orders_registration",
        "orders_registrationevent",
    } <= set(tables_that_tell(TRACES))
    assert anonymise_closed_accounts() == 1
    assert tables_that_tell(TRACES) == []


def test_what_was_done_when_and_by_whom_stays(time_machine):
    person = zoltanova()
    close(person, time_machine)
    states = person.events.count()
    anonymise_closed_accounts()
    assert person.events.count() == states + 1
    assert Habilitation.objects.filter(profile__user=person).exists()
    assert Invitation.objects.filter(accepted_by=person).exists()


def test_nobody_else_is_forgotten(time_machine):
    person, other = zoltanova(), make_person("OIE")
    change_identity(other, first_name="Ana", last_name="Martin", phone="0766666666")
    waiting = invite(make_establishment())
    User.objects.filter(pk=person.pk).update(email="elle@hopital.example")
    person.emailaddress_set.update(email="elle@hopital.example")
    taken = make_user(email="zoltanova@hopital.example")
    close(person, time_machine)
    anonymise_closed_accounts()
    assert other.events.filter(last_name="Martin", phone="0766666666").exists()
    assert taken.events.filter(email="zoltanova@hopital.example").exists()
    waiting.refresh_from_db()
    assert waiting.email == "zoltanova@hopital.example", "the address is now somebody else’s"


def test_that_somebody_was_forgotten_is_in_the_journal_whoever_asked_for_it(time_machine):
    person = zoltanova()
    close(person, time_machine)
    anonymise_closed_accounts()
    told = Entry.objects.get(verb="account.anonymised")
    person.refresh_from_db()
    assert (told.target, told.details) == (person.username, {"account": person.pk})


def test_one_that_the_journal_does_not_tell_closed_keeps_nobody_else(time_machine):
    other, person = zoltanova(), make_person("OIE")
    long_ago = timezone.now() - 2 * KEPT
    User.objects.filter(pk=other.pk).update(is_active=False, closed_at=long_ago)
    close(person, time_machine)
    with pytest.raises(AccountError, match=rf"{other.pk} \(forget_person"):
        anonymise_closed_accounts()
    assert not User.objects.get(pk=person.pk).first_name
    assert User.objects.get(pk=other.pk).last_name == "Kovaczek"


def refused(person):
    with (
        pytest.raises(DatabaseError, match="forget_person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(FORGET, [person.pk])
    return True


def test_the_site_cannot_empty_the_history_of_whoever_did_not_close_their_account():
    """Whoever holds the role of the site writes the row as they like; the journal is sealed."""
    person = zoltanova()
    assert refused(person)
    User.objects.filter(pk=person.pk).update(
        is_active=False,
        closed_at=timezone.now() - 2 * KEPT,
        email=f"{person.pk}@compte-ferme.invalid",
    )
    assert refused(person)
    assert person.events.filter(last_name="Kovaczek").exists()


def test_nor_of_whoever_closed_it_lately(time_machine):
    person = zoltanova()
    close(person, time_machine, span=KEPT - timedelta(days=1))
    User.objects.filter(pk=person.pk).update(email=f"{person.pk}@compte-ferme.invalid")
    assert refused(person)


def forged_closed(person):
    """What the role of the site may write of somebody who closed nothing."""
    User.objects.filter(pk=person.pk).update(
        is_active=False, email=f"{person.pk}@compte-ferme.invalid"
    )


def test_nor_of_whoever_logged_in_since_whatever_else_the_journal_says(time_machine):
    """A closing may be forged, or be the one of an account that was opened again since."""
    person, now = zoltanova(), timezone.now()
    record("account.logged_in", by=person)
    time_machine.move_to(now - KEPT - timedelta(hours=1))
    record("account.closed", by=person)
    time_machine.move_to(now)
    forged_closed(person)
    assert refused(person)


def test_a_login_under_way_while_the_account_was_closed_is_no_hindrance(time_machine):
    """Nor the clock of another machine, some minutes ahead."""
    person, now = zoltanova(), timezone.now()
    time_machine.move_to(now - KEPT - timedelta(hours=1) + timedelta(minutes=4))
    record("account.logged_in", by=person)
    time_machine.move_to(now)
    close(person, time_machine)
    assert anonymise_closed_accounts() == 1


@pytest.mark.parametrize("is_theirs", [True, False])
def test_an_account_really_closed_takes_no_history_of_another(time_machine, is_theirs):
    """Nor by moving to it, or back to nobody, the profile and the invitation of somebody else."""
    person, other = zoltanova(), make_person("OIE")
    close(other, time_machine)
    profile, accepted = person.profiles.get(), Invitation.objects.get(accepted_by=person)
    User.objects.filter(pk=person.pk).update(email="elle@hopital.example")
    User.objects.filter(pk=other.pk).update(email=accepted.email)
    Profile.objects.filter(pk=profile.pk).update(user=other)
    Invitation.objects.filter(pk=accepted.pk).update(accepted_by=other if is_theirs else None)
    assert anonymise_closed_accounts() == 1
    for table in ("orders_registrationevent", "accounts_profileevent", "accounts_invitationevent"):
        assert table in tables_that_tell(TRACES)


def age(months):
    older = SQL("UPDATE {} SET pgh_created_at = now() - make_interval(months => %s)")
    for table, _ in histories_of_persons():
        tamper(older.format(Identifier(table)), months, table=table)
    tamper(
        "INSERT INTO pghistory_context (id, created_at, updated_at, metadata) VALUES"
        " (gen_random_uuid(), now() - make_interval(months => %s), now(),"
        ' \'{"user": 1, "address": "192.0.2.77"}\')',
        months,
        table="pghistory_context",
    )


def test_the_states_past_the_delay_lose_names_contacts_and_addresses(settings):
    person = zoltanova()
    age(settings.JOURNAL_KEPT_MONTHS + 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
    assert forget_old_histories() > 0
    assert forget_old_histories() == 0
    assert not [one for one in tables_that_tell([*TRACES, "192.0.2.77"]) if "event" in one]
    assert "pghistory_context" not in tables_that_tell(["192.0.2.77"])
    assert User.objects.get(pk=person.pk).last_name == "Kovaczek"


def test_the_states_within_the_delay_keep_them(settings):
    person = zoltanova()
    age(settings.JOURNAL_KEPT_MONTHS - 1)
    assert forget_old_histories() == 0
    assert person.events.filter(last_name="Kovaczek").exists()
    assert "pghistory_context" in tables_that_tell(["192.0.2.77"])
