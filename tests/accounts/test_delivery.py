"""The task worker and a mail server, both real: down then up, killed, two at once."""

import logging
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from accounts.notices import Notice, notify
from accounts.notices.sealed import queue_written
from accounts.services.requests import ask_profile
from accounts.tasks import MAIL
from tests.accounts.mailing import run
from tests.accounts.smtp import smtp_server
from tests.builders import make_establishment, make_person, make_user
from tests.conftest import empty_queue
from tests.locks import wait_until_somebody_waits_for_a_lock
from tests.rights import FILES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_mails")]


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, logger="procrastinate")


@pytest.fixture(autouse=True)
def brief_connections(monkeypatch):
    """The threads of the worker close theirs after each job: they outlive the test."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def by_smtp(settings, free_port):
    """The settings of a deployment, towards a port where nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port, 5
    return free_port


def work():
    """One pass of the worker on the mails that are due."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(
            queues=[MAIL],
            wait=False,
            install_signal_handlers=False,
            listen_notify=False,
        )


def make_due():
    """What waits for its next attempt is due now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def jobs():
    rows = ProcrastinateJob.objects.filter(
        queue_name=MAIL, task_name__startswith="accounts.tasks.send"
    )
    return list(rows.order_by("pk").values_list("status", "attempts"))


def test_a_mail_waits_for_the_server_and_leaves_once_it_is_back(by_smtp):
    user = make_user()
    notify(Notice.IDENTITY_CHANGED, user.pk)
    work()
    assert jobs() == [("todo", 1)]
    work()
    assert jobs() == [("todo", 1)]  # not before its time
    with smtp_server(by_smtp) as server:
        server.refuses = True
        make_due()
        work()
        assert (jobs(), server.mails) == ([("todo", 2)], [])
        server.refuses = False
        make_due()
        work()
        work()
    assert jobs() == [("succeeded", 3)]
    (message,) = server.mails
    assert message["To"] == user.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "Vos coordonnées ont changé" in html.get_content()


def test_nine_attempts_in_a_day_then_it_is_left_and_counted(by_smtp, client, caplog):
    notify(Notice.IDENTITY_CHANGED, make_user().pk)
    waited = []
    for _ in range(9):
        work()
        job = ProcrastinateJob.objects.get(task_name__endswith="send_notice")
        if job.status == "todo":
            waited.append(job.scheduled_at)
        make_due()
    assert jobs() == [("failed", 9)]
    assert len(waited) == 8
    assert client.get(reverse("health")).json()["failed_mails"] == 1


def test_what_the_worker_writes_of_a_failure_names_nobody(by_smtp, caplog):
    caplog.set_level(logging.ERROR, logger="procrastinate")
    user = make_user()
    with smtp_server(by_smtp) as server:
        server.refuses = True
        notify(Notice.IDENTITY_CHANGED, user.pk)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET attempts = 8")
        work()
    assert jobs() == [("failed", 9)]
    assert "SMTPRecipientsRefused" in caplog.text
    assert user.email not in caplog.text


def test_a_code_leaves_before_the_mails_that_were_queued_earlier(by_smtp):
    people = [make_user() for _ in range(3)]
    for person in people:
        notify(Notice.IDENTITY_CHANGED, person.pk)
    queue_written("[Stocks Santé] Votre code", "Voici le code :\n\nABC-123\n", "a@ch.example")
    with smtp_server(by_smtp) as server:
        work()
    assert server.mails[0]["To"] == "a@ch.example"
    assert len(server.mails) == 4


def test_signing_up_waits_for_no_mail_server(by_smtp, client):
    posted = {
        "email": "nouvelle@ch.example",
        "first_name": "Alix",
        "last_name": "Morel",
        "password1": "une phrase que personne ne devine 47",
        "password2": "une phrase que personne ne devine 47",
        "terms": "on",
    }
    answer = client.post(reverse("account_signup"), posted)
    assert answer.status_code == 302, answer.context["form"].errors
    assert User.objects.filter(email="nouvelle@ch.example").exists()
    with smtp_server(by_smtp) as server:
        work()
    (message,) = server.mails
    assert message["To"] == "nouvelle@ch.example"
    assert "code" in message["Subject"]


def test_two_workers_on_one_job_send_one_mail(monkeypatch):
    notify(Notice.IDENTITY_CHANGED, make_user().pk)
    assert sent_by_two_at_once(monkeypatch, [ProcrastinateJob.objects.get()] * 2) == 1


def test_two_digests_for_one_person_at_once_are_one_mail(monkeypatch, time_machine):
    site = make_establishment()
    administrator = make_person("APE", on=site)
    ask_profile(make_user(), site, [FILES])
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=1))
    empty_queue()
    for _ in range(2):
        notify(Notice.REQUESTS_WAITING, administrator.pk)
    assert sent_by_two_at_once(monkeypatch, list(ProcrastinateJob.objects.all())) == 1


def sent_by_two_at_once(monkeypatch, both):
    """The first is stopped while it hands its mail over; the second is seen waiting for it."""
    in_hand, go_on = threading.Event(), threading.Event()
    send = mail.EmailMultiAlternatives.send

    def slow(message, *args):
        in_hand.set()
        go_on.wait(10)
        return send(message, *args)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", slow)
    threads = [threading.Thread(target=work_on, args=[job]) for job in both]
    threads[0].start()
    assert in_hand.wait(10)
    threads[1].start()
    wait_until_somebody_waits_for_a_lock()
    go_on.set()
    for thread in threads:
        thread.join()
    return len(mail.outbox)


def work_on(job):
    try:
        run(job)
    finally:
        connection.close()


def test_what_waits_in_the_queue_shows_neither_code_nor_address():
    queue_written("Votre code", "ABC-123", "a@ch.example")
    text = str(ProcrastinateJob.objects.get().args)
    assert "ABC-123" not in text
    assert "a@ch.example" not in text


@pytest.mark.parametrize(("kept", "sent"), [(True, 1), (False, 0)])
def test_what_waits_leaves_under_a_new_secret_unless_the_former_one_is_not_kept(
    settings, kept, sent
):
    queue_written("Votre code", "ABC-123", "a@ch.example")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if kept else []
    settings.SECRET_KEY = "another"
    work()
    assert len(mail.outbox) == sent
