"""A closing that nobody asked for, written by the role of the site to have a history emptied.

What protects: whoever logged in since is out of reach (``tests/config/test_forgetting.py``). Here,
what tells: the date, or the number, of the entry that was added.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.services.account import KEPT, change_identity
from journal.models import Entry
from journal.sealing.seals import seal_pending
from journal.services import record
from tests.builders import make_user
from tests.journal.tampering import sealed, verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("heads_file")]
CLOSING = """
    INSERT INTO journal_entry (id, at, verb, by_id, profile, target, finess, region_code,
                               department_code, details, request_id)
    VALUES (coalesce(%s, nextval(pg_get_serial_sequence('journal_entry', 'id'))),
            now() - make_interval(days => %s), 'account.closed', %s, '', '', '', '', '', '{}', '')
"""
CLOSED = """
    UPDATE accounts_user SET is_active = false, email = 'x@compte-ferme.invalid' WHERE id = %s
"""
FORGET = "SELECT forget_person(%s)"


def hole():
    """A number that was given, then undone, and is now inside a closed batch."""
    with transaction.atomic():
        number = record("test.undone", by=None).pk
        transaction.set_rollback(True)
    sealed(1)
    return number


NUMBERS = {
    "la suite": (lambda: None, "non scellée, a une date fausse"),
    "un trou": (hole, "a 1 entrée de trop\u00a0: ajout après coup"),
    "avant tout": (lambda: -1, "est avant le premier lot conservé"),
    "en avance": (lambda: 10**9, "a un numéro que la base n’a pas donné"),
}


@pytest.fixture
def forget(web_connection):
    """Empty the history of somebody who closed nothing, with the rights of the site alone."""

    def act(person, number=None, *, days=KEPT.days + 1):
        web_connection.execute(CLOSING, [number, days, person.pk])
        web_connection.execute(CLOSED, [person.pk])
        web_connection.execute(FORGET, [person.pk])
        web_connection.commit()

    return act


@pytest.fixture
def person():
    user = make_user()
    change_identity(user, first_name="Iris", last_name="Kovaczek", phone="0777777777")
    sealed(1)
    return user


@pytest.mark.parametrize("way", NUMBERS)
def test_an_old_closing_added_by_the_site_is_told_by_its_date_or_its_number(person, forget, way):
    choose, told = NUMBERS[way]
    forget(person, choose())
    assert not person.events.filter(last_name="Kovaczek").exists()  # the control: it does harm
    assert told in verify()
    seal_pending()
    assert verify() != "ok"


def test_the_seals_do_not_tell_one_that_was_written_at_its_date_but_its_effect_is_told(
    time_machine, forget
):
    """Whoever forges it in time and waits: nothing is out of its place, and both acts are read."""
    now = timezone.now()
    time_machine.move_to(now - KEPT - timedelta(days=2))
    user = make_user()
    sealed(1)
    time_machine.move_to(now)
    forget(user)
    seal_pending()
    assert verify() == "ok"
    assert Entry.objects.filter(verb="account.closed", by=user).exists()
    assert Entry.objects.get(verb="account.anonymised").details == {"account": user.pk}
