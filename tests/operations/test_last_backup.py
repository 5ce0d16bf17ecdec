"""How old the last backup is: told by `/sante/`, to the operator, and never a reason to close."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.administration import figures
from config.administration.cards import cards
from config.backups.last import LastBackup, last_backup, note, state_of_backups
from tests.builders import make_person
from tests.html_rules import assert_sound_html

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state_file(settings, tmp_path):
    settings.BACKUP_STATE, settings.BACKUP_MAX_AGE_HOURS = tmp_path / "last.json", 26
    return settings.BACKUP_STATE


def noted(full, log=None):
    now = timezone.now()
    note(LastBackup(now - full, 5_000_000, None if log is None else now - log))


@pytest.mark.parametrize(
    ("full", "log", "state"),
    [
        (25 * HOUR, None, "ok"),
        (27 * HOUR, None, "late"),
        (25 * HOUR, 14 * MINUTE, "ok"),
        (25 * HOUR, 16 * MINUTE, "late"),
        (27 * HOUR, MINUTE, "late"),
    ],
)
def test_it_is_late_past_its_age_or_when_the_log_is_silent(full, log, state):
    noted(full, log)
    told = state_of_backups()
    assert told["backup"] == state
    assert told["backup_age_seconds"] == pytest.approx(full.total_seconds(), abs=60)


def test_the_age_allowed_is_a_setting(settings):
    noted(27 * HOUR)
    settings.BACKUP_MAX_AGE_HOURS = 48
    assert state_of_backups()["backup"] == "ok"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"full": "hier", "size": 1}', '{"full": "2026-11-01T02:00:00"}',
     '{"full": "2026-11-01T02:00:00", "size": 1}', '{"full": 3, "size": 1}', "\u00e9"],
)  # fmt: skip
def test_what_cannot_be_read_is_unknown_and_breaks_nothing(state_file, text, client):
    state_file.write_text(text, encoding="latin-1")
    assert last_backup() is None
    assert client.get("/sante/").json()["backup"] == "unknown"


def test_late_is_a_warning_that_closes_nothing(client):
    noted(40 * HOUR)
    response = client.get("/sante/")
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["backup"]) == ("warning", "late")
    page = client.get("/sante/", headers={"accept": "text/html"})
    assert_sound_html(page)
    assert "en retard" in page.content.decode()


def test_on_time_and_unknown_are_no_warning(client):
    assert client.get("/sante/").json()["status"] == "ok"
    noted(HOUR, MINUTE)
    answer = client.get("/sante/").json()
    assert (answer["status"], answer["backup"]) == ("ok", "ok")


def test_the_operator_reads_it_on_the_page_of_health(client_for, state_file):
    client = client_for("TEC")
    page = client.get(reverse("administration:health")).content.decode()
    assert "Aucune sauvegarde ne s’est signalée" in page
    noted(40 * HOUR, MINUTE)
    response = client.get(reverse("administration:health"))
    assert_sound_html(response)
    assert "changements gardés jusqu’au" in response.content.decode()
    assert "en retard, voyez le processus des sauvegardes" in response.content.decode()


def test_a_backup_on_time_says_its_size_and_its_moment():
    now = timezone.now()
    _, size, words = figures.backup_row(LastBackup(now - HOUR, 5_000_000), now)
    assert size.startswith("4,8")
    assert words.endswith(", sans les changements depuis")


def test_late_backups_are_on_the_home_page_of_the_operator_alone():
    noted(40 * HOUR)
    operator, other = make_person("TEC"), make_person("NAT")
    assert "Sauvegardes en retard" in [one.title for one in cards(operator)]
    assert cards(other) == []
    noted(HOUR)
    assert "Sauvegardes en retard" not in [one.title for one in cards(operator)]


def test_the_note_is_whole_or_as_it_was(state_file):
    noted(HOUR)
    assert set(json.loads(state_file.read_text())) == {"full", "size", "log"}
    assert [one.name for one in state_file.parent.iterdir()] == [state_file.name]
