"""Pages for what went wrong: a sentence, what to do, the number found in the log, never a trace."""

import errno
import json
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from procrastinate.contrib.django import app

from accounts.models import User
from common.background import connection_beside
from common.bare_pages import bare_page
from common.logs import JsonFormatter, RequestIdFilter, masked
from common.middleware import MaintenanceMiddleware
from config import errors
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as real_urls
from establishments.access import public
from journal.services import record
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html

SECRET = "motdepasse-secret"


@public
def broken(request):
    raise ValueError(SECRET)


@public
def refused(request):
    raise PermissionDenied("Votre habilitation ne vous permet pas de clôturer ici.")


@public
def waiting(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1)")


@public
def unreadable(request):
    typed = request.GET.get("q", "")
    if request.GET.get("json"):
        record("test.done", by=None, target="", reason=typed)
    return HttpResponse(User.objects.filter(email=typed).exists())


@public
def queueing(request):
    """A job is queued while somebody holds the queue: its errors are not those of a database."""
    with connection_beside() as beside, beside.cursor() as holder, transaction.atomic():
        holder.execute("BEGIN; LOCK TABLE procrastinate_jobs")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10ms'")
        app.configure_task("test.done", allow_unknown=True).defer()


@public
def cut_off(request):
    raise OperationalError("connection to server at 10.0.0.7 failed")


@public
def full(request):
    raise OSError(errno.ENOSPC, "No space left on device", "/data/files/x")


@public
def too_big(request):
    raise RequestDataTooBig


urlpatterns = [
    path("broken/", broken),
    path("refused/", refused),
    path("too-big/", too_big),
    path("full/", full),
    path("api/v1/full/", full),
    path("unreadable/", unreadable),
    path("api/v1/broken/", broken),
    path("api/v1/cut-off/", cut_off),
    path("waiting/", waiting),
    path("queueing/", queueing),
    path("cut-off/", cut_off),
    *real_urls,
]


@pytest.fixture
def quiet_client(settings):
    """A client that shows the page of a 500 instead of raising."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_an_address_that_never_existed_is_a_page(client):
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert_sound_html(response)
    assert response["X-Request-Id"] in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_its_sentence_and_the_profile(quiet_client):
    place = make_establishment(name="Hôpital Saint-Aubin")
    quiet_client.force_login(make_person("OIE", on=place))
    response = quiet_client.get("/refused/")
    assert response.status_code == 403
    assert_sound_html(response)
    page = response.content.decode()
    assert "Votre habilitation ne vous permet pas de clôturer ici." in page
    assert "Hôpital Saint-Aubin" in page
    assert reverse("profiles:list") in page
    assert response["X-Request-Id"] in page


@pytest.mark.django_db
def test_a_refusal_offers_to_change_profile_to_who_has_several(quiet_client):
    user = make_person("OIE")
    make_person("OIE", user=user)
    quiet_client.force_login(user)
    assert reverse("profiles:choose") in quiet_client.get("/refused/").content.decode()


def test_a_refusal_to_a_visitor_is_a_page(quiet_client):
    response = quiet_client.get("/refused/")
    assert response.status_code == 403
    assert_sound_html(response)


def test_a_failure_shows_a_number_and_never_a_trace(quiet_client, caplog):
    caplog.handler.addFilter(RequestIdFilter())
    response = quiet_client.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert_sound_html(response)
    assert response["X-Request-Id"] in page
    assert SECRET not in page
    assert "Traceback" not in page
    assert "default-src 'none'" in response["Content-Security-Policy"]
    numbers = {record.request_id for record in caplog.records if record.levelno == logging.ERROR}
    assert numbers == {response["X-Request-Id"]}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/waiting/", "/cut-off/", "/queueing/"])
def test_a_database_that_keeps_one_waiting_asks_to_try_again(quiet_client, address, caplog):
    caplog.handler.addFilter(RequestIdFilter())
    response = quiet_client.get(address)
    page = response.content.decode()
    assert response.status_code == 503
    assert_sound_html(response)
    assert "Réessayez dans un instant" in page
    assert "10.0.0.7" not in page
    assert response["Retry-After"] == "5"
    numbers = {record.request_id for record in caplog.records if record.levelno == logging.ERROR}
    assert numbers == {response["X-Request-Id"]}


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"q": "a\0b"}, {"q": "a\0b", "json": "1"}])
def test_text_that_no_column_takes_is_a_request_that_cannot_be_read(quiet_client, asked, caplog):
    response = quiet_client.get("/unreadable/", asked)
    assert response.status_code == 400
    assert_sound_html(response)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert quiet_client.get("/unreadable/", {"q": "a"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_open_to_visitors_is_not_made_to_fail_by_a_null(quiet_client, method):
    answer = getattr(quiet_client, method)(reverse("support:contact_new"), {"sujet": "\0"})
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("nulle-part", 404),
        ("broken/", 500),
        ("cut-off/", 503),
        ("full/", 507),
        ("stocks\0", 404),
    ],
)
def test_a_machine_reads_json_whatever_went_wrong(quiet_client, address, status):
    response = quiet_client.get(f"/api/v1/{address}")
    assert response.status_code == response.json()["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert SECRET not in response.text
    if status == 500:
        assert response["X-Request-Id"] in response.json()["detail"]


def test_a_disk_without_room_says_that_nothing_was_kept(quiet_client, caplog):
    response = quiet_client.get("/full/")
    assert response.status_code == 507
    assert_sound_html(response)
    assert "rien n’est enregistré de celui-ci" in response.text
    assert "/data/files" not in response.text
    assert [one.levelno for one in caplog.records if one.levelno >= logging.ERROR]


def test_a_script_is_asked_to_try_again_in_its_own_language(quiet_client):
    response = quiet_client.get("/cut-off/", headers={"accept": "application/json"})
    assert response.status_code == 503
    assert "Réessayez dans un instant" in response.json()["sentence"]
    assert response["Retry-After"] == "5"


@pytest.mark.django_db
def test_a_session_that_cannot_be_read_asks_to_try_again(quiet_client, monkeypatch):
    quiet_client.force_login(make_person("OIE"))

    def refuse():
        raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = quiet_client.get("/")
    assert response.status_code == 503
    assert "Réessayez dans un instant" in response.content.decode()


def test_what_is_too_large_is_said(quiet_client):
    response = quiet_client.get("/too-big/")
    assert response.status_code == 413
    assert_sound_html(response)
    assert "10\u00a0Mo" in response.content.decode()


@pytest.mark.django_db
def test_too_many_fields_are_refused_as_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    response = client.post(reverse("account_login"), {f"field{n}": "1" for n in range(10)})
    assert response.status_code == 413


def test_an_expired_form_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "x"})
    assert response.status_code == 403
    assert_sound_html(response)
    assert "n’est plus à jour" in response.content.decode()
    assert response["X-Request-Id"] in response.content.decode()


def test_during_maintenance_every_page_says_so_but_health(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.touch()
    middleware = MaintenanceMiddleware(
        lambda request: bare_page(request, "errors/400.html", status=200)
    )
    closed = middleware(RequestFactory().get("/"))
    assert closed.status_code == 503
    assert closed["Retry-After"] == "600"
    assert_sound_html(closed)
    assert middleware(RequestFactory().get("/sante/")).status_code == 200


@pytest.mark.parametrize(
    "handler",
    [
        errors.bad_request,
        errors.server_error,
        errors.try_again,
        errors.no_room,
        errors.csrf_failure,
    ],
)
def test_these_pages_need_neither_database_nor_session(handler):
    assert_sound_html(handler(HttpRequest()))


def test_a_line_of_log_is_json_and_names_nobody():
    record = logging.LogRecord("x", logging.ERROR, "", 0, "échec pour %s", ("a@ch.example",), None)
    record.request_id = "abc"
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "échec pour …@…"
    assert line["request"] == "abc"


@pytest.mark.parametrize(
    ("text", "kept_out"),
    [
        ("GET /etablissements/?q=claire+fournier 200", "claire"),
        ("Key (email)=(claire.fournier@ch.example) already exists", "claire"),
        ("password=Dispostock-demo-2026!", "Dispostock"),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_masked(text, kept_out):
    assert kept_out not in masked(text)


@pytest.mark.parametrize("words", ["GET {} 302", "Not Found: {}", '"GET {} HTTP/1.1" 200', "'{}'"])
def test_the_key_of_a_password_link_is_masked(words):
    key = {"uidb36": "1z", "key": "c8f3ab-0123456789abcdef"}
    address = reverse("account_reset_password_from_key", kwargs=key)
    told = masked(words.format(address))
    assert not [part for part in ("1z", "c8f3ab", "0123456789abcdef") if part in told]
    assert told.endswith(words.partition("{}")[2])


def test_no_server_writes_addresses_beside_our_log():
    commands = [
        Path(settings.BASE_DIR, name).read_text() for name in ("Dockerfile", "scripts/serve")
    ]
    assert not [command for command in commands if "access-log" in command]
