"""Announcements: above every page between two moments, for visitors too where it says so."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common import kept
from journal.models import Entry
from support.models import Announcement
from support.services.texts import TextError, announce, withdraw
from support.texts.announcing import announcements_shown
from tests.builders import make_person
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SENTENCE = "Maintenance ce soir de 20 h à 21 h"


@pytest.fixture
def writer(client_for):
    return client_for("SUP")


def said(client):
    return SENTENCE in client.get(reverse("home")).content.decode()


def write(*, starts=-HOUR, ends=HOUR, audience="all", by=None):
    now = timezone.now()
    return announce(
        by=by or make_person("SUP"),
        text=SENTENCE,
        level="info",
        audience=audience,
        starts_at=now + starts,
        ends_at=now + ends,
    )


def test_an_announcement_is_above_the_pages_of_everybody(client, client_for):
    write()
    assert said(client)
    assert said(client_for("OIE"))


def test_one_for_people_logged_in_is_not_told_to_visitors(client, client_for):
    write(audience="known")
    assert not said(client)
    assert said(client_for("OIE"))


def test_one_to_come_is_not_told_yet(client):
    write(starts=HOUR, ends=2 * HOUR)
    assert not said(client)


def test_one_that_is_over_goes_by_itself_though_the_process_kept_it(client, monkeypatch):
    write()
    assert said(client)
    later = timezone.now() + 2 * HOUR
    monkeypatch.setattr("support.models.text.timezone.now", lambda: later)
    assert not said(client)


def test_one_withdrawn_goes_at_once_and_the_journal_says_who(client, writer):
    row = write()
    assert said(client)
    writer.post(reverse("texts:announcement_end", args=[row.pk]))
    assert not said(client)
    assert Entry.objects.get(verb="announcement.ended").by == writer.user


def test_one_withdrawn_twice_is_told(db):
    row = write()
    withdraw(by=make_person("SUP"), number=row.pk)
    with pytest.raises(TextError, match="déjà retirée"):
        withdraw(by=make_person("NAT"), number=row.pk)


def test_pages_that_follow_do_not_ask_again(client):
    write()
    client.get(reverse("terms"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("terms"))
    assert not any("announcement" in one["sql"] for one in asked)


def test_another_process_reads_it_within_half_a_minute(client, monkeypatch):
    announcements_shown.forget()
    assert not said(client)
    now = timezone.now()
    Announcement.objects.create(  # as another process writes it
        text=SENTENCE, starts_at=now - HOUR, ends_at=now + HOUR, by=make_person("SUP")
    )
    assert not said(client)
    later = kept.monotonic() + kept.KEPT_SECONDS
    monkeypatch.setattr(kept, "monotonic", lambda: later)
    assert said(client)


@pytest.mark.parametrize(("starts", "ends"), [(HOUR, -HOUR), (-2 * HOUR, -HOUR)])
def test_one_that_nobody_would_read_is_refused(starts, ends):
    with pytest.raises(TextError):
        write(starts=starts, ends=ends)


def test_the_form_keeps_what_was_typed_when_the_end_is_before_the_start(writer):
    typed = {
        "text": SENTENCE,
        "level": "info",
        "audience": "all",
        "starts_at": "2030-01-02T10:00",
        "ends_at": "2030-01-01T10:00",
    }
    response = writer.post(reverse("texts:announcement_new"), typed)
    assert response.status_code == 422
    assert SENTENCE in response.content.decode()
    assert not Announcement.objects.exists()


def test_the_list_tells_the_state_of_each(writer):
    write(), write(starts=HOUR, ends=2 * HOUR)
    response = writer.get(reverse("texts:texts"))
    assert_sound_html(response)
    assert [one.state for one in response.context["announcements"]] == ["à venir", "affichée"]
