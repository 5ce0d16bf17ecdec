"""`/sante/`: what it answers when all is well, and when the database or the queue is not."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from config import health
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
URL = "/sante/"


def test_all_is_well(client):
    response = client.get(URL)
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "queue": "ok",
        "oldest_job_seconds": 0,
        "failed_jobs": 0,
        "failed_mails": 0,
        "backup": "unknown",
        "backup_age_seconds": None,
    }
    assert response["Cache-Control"] == "no-store"


def test_a_browser_gets_a_page(client):
    response = client.get(URL, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 200
    assert_sound_html(response)


def test_without_a_database_it_says_so_and_nothing_else(client, monkeypatch):
    def refuse():
        raise OperationalError("connection to server at 10.0.0.7 failed: password of web")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert "10.0.0.7" not in response.content.decode()


def test_without_a_database_somebody_logged_in_is_told_the_same(client_for, monkeypatch):
    client = client_for("OIE")

    def refuse():
        raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"


def test_a_missing_migration_is_seen(client, monkeypatch):
    monkeypatch.setattr(health, "migrations_are_applied", lambda: False)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


def add_job(status: str, minutes: int, queue: str = "default") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, priority, args, status, attempts)"
            " VALUES (%s, 'task', 0, '{}', %s, 0) RETURNING id",
            [queue, status],
        )
        job = cursor.fetchone()[0]
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at)"
            " VALUES (%s, 'deferred', now() - make_interval(mins => %s))",
            [job, minutes],
        )


def test_a_job_that_nobody_takes_makes_the_service_degraded(client):
    add_job("todo", minutes=31)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["queue"] == "late"
    assert response.json()["oldest_job_seconds"] >= 31 * 60


def test_a_late_queue_does_not_take_the_web_processes_away(client):
    add_job("todo", minutes=31)
    response = client.get(URL, {"site": ""})
    assert response.status_code == 200
    assert response.json()["queue"] == "late"


def test_a_process_whose_migrations_are_missing_is_not_given_pages(client, monkeypatch):
    monkeypatch.setattr(health, "migrations_are_applied", lambda: False)
    assert client.get(URL, {"site": ""}).status_code == 503


def test_a_recent_job_and_a_failed_one_are_counted_without_alarm(client):
    add_job("todo", minutes=2)
    add_job("failed", minutes=600)
    response = client.get(URL)
    assert response.status_code == 200
    assert response.json()["failed_jobs"] == 1


def test_the_mails_that_never_left_are_counted_apart(client):
    add_job("failed", minutes=600)
    add_job("failed", minutes=600, queue="mail")
    assert client.get(URL).json()["failed_mails"] == 1


def test_health_is_linked_from_the_site_map(client):
    assert reverse("health") in client.get(reverse("sitemap")).content.decode()
