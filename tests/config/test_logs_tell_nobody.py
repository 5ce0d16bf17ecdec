"""Real journeys, all that they log read as production writes it: nobody and no secret is named."""

import io
import json
import logging
import re
import uuid
from datetime import timedelta
from logging.config import DictConfigurator

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.glogging import Logger as GunicornLogger
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext, JobResult
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from config.settings.logs import LOGGING
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as real_urls
from establishments.access import public
from medications.calendar import calendar_of
from support.contact import traps
from tests.builders import PASSWORD, make_establishment, make_person, make_user
from tests.pui.api.sending import line, token_of
from tests.pui.api.sending import send as send_by_machine
from tests.pui.builders import make_followed, make_list, make_product, make_pui
from tests.support.contact.builders import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
TYPED = "motdepasse-tape-par-erreur-8"
STRANGER = "inconnue.du.service@ailleurs.example"
SEARCHED = "Philippine-Quatremare"
NAMES = ("email", "last_name", "username")


@public
def broken(request):
    raise ValueError(f"Key (email)=({STRANGER}) exists, password={TYPED}")


urlpatterns = [path("broken/", broken, name="broken"), *real_urls]


@pytest.fixture
def logged():
    """Every line that production would have written, as text."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    for name in LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(class_of(LOGGING["filters"][name])())
    handler.setFormatter(class_of(LOGGING["formatters"]["json"])())
    root = logging.getLogger()
    level, root.level = root.level, logging.INFO
    root.addHandler(handler)
    yield written.getvalue
    root.removeHandler(handler)
    root.level = level


def class_of(declared):
    module, _, name = declared["()"].rpartition(".")
    return getattr(__import__(module, fromlist=[name]), name)


def fails_to_log_in(client, login):
    client.post(reverse("account_login"), {"login": login, "password": TYPED})


def logs_in(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client.cookies["session"].value


def forgets_the_password(client, person):
    """Ask for the link, follow it; its key."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    client.get(link, follow=True)
    return link.rstrip("/").rpartition("/")[2]


def writes_to_the_support(client):
    make_subject()
    sent = {"sujet": "panne", "objet": SEARCHED, "message": SEARCHED, "jeton": uuid.uuid4()}
    client.post("/aide/contact/nouvelle/", sent | {"courriel": STRANGER, "vu": traps.stamp()})
    client.get("/recherche/", {"q": SEARCHED})
    client.get(f"/aide/contact/suivi/{SEARCHED}/")
    client.get(f"/nulle-part/{SEARCHED}/", {"courriel": STRANGER})


def transmits(gf, pui, monitored, product):
    """A file on the page, then by a machine with a right token and a wrong one."""
    client = Client()
    client.force_login(gf)
    due_on = [one.due_on for one in calendar_of(monitored).open_periods(timezone.localtime())][-1]
    content = f"UCD;Libellé;Stock;CMJ\n{product.code};{SEARCHED};240;60\nx;{STRANGER};1;1\n"
    file = SimpleUploadedFile(f"{SEARCHED}.csv", content.encode())
    sent = {"pui": pui.pk, "due_on": due_on.isoformat(), "file": file}
    answer = client.post("/dispostock/medicaments/transmission/", sent, follow=True)
    assert answer.status_code == 200
    token = token_of(make_person("APE", on=pui.establishment))
    send_by_machine(token, pui, line(product))
    send_by_machine(f"{token}x", pui, line(product))
    return token


def ends_a_job(status, **arguments):
    """As the task worker says it."""
    job = Job(
        id=12,
        queue="mail",
        lock=None,
        queueing_lock=None,
        task_name="accounts.tasks.send_sealed",
        task_kwargs=arguments,
    )
    context = JobContext(app=app, job=job, start_timestamp=1.0, abort_reason=lambda: None)
    result = JobResult(start_timestamp=1.0, end_timestamp=1.25, result=arguments)
    Worker(app=app)._log_job_outcome(status, context, result, None)
    logging.getLogger("procrastinate.worker").warning("lost: %s", job.call_string)


def journeys(person, gf, pui):
    """What people, machines and the task worker do; the secrets that they were given."""
    monitored, product = make_list(), make_followed(make_product())
    client = Client(raise_request_exception=False)
    fails_to_log_in(client, person.email)
    fails_to_log_in(client, STRANGER)
    key = forgets_the_password(client, person)
    session = logs_in(client, person)
    csrf = client.cookies["csrf"].value
    client.get("/")
    client.get("/administration/sante/")
    client.get("/broken/", {"q": SEARCHED})
    writes_to_the_support(Client())
    token = transmits(gf, pui, monitored, product)
    for status in (Status.SUCCEEDED, Status.FAILED):
        ends_a_job(status, sealed=SEARCHED, to=STRANGER)
    return [session, csrf, key, token]


def named(text, values):
    """Those of ``values`` that a text holds, in any case."""
    assert all(len(one) > 2 for one in values)
    return [one for one in values if one.lower() in text.lower()]


def test_journeys_leave_no_name_no_address_no_secret(logged, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(traps, "QUICKEST", timedelta(seconds=-1))
    place = make_establishment(name="Hôpital de la Licorne")
    person = make_person("OIE", on=place, user=make_user(last_name="Quatremare", first_name="Zoé"))
    pui = make_pui()
    gf = make_person("GF", on=pui.establishment, user=make_user(last_name="Vaucanson"))
    secrets = journeys(person, gf, pui)

    text = logged()
    lines = [json.loads(one) for one in text.splitlines()]
    routes = {one["route"] for one in lines if one["logger"] == "access"}
    assert {"account_login", "home", "broken", "search", "sans-route"} <= routes
    assert sum(one["message"] == "job" for one in lines) == 2
    assert any("trace" in one for one in lines)
    names = [getattr(one, name) for one in (person, gf) for name in NAMES] + [person.first_name]
    places = [place.finess, place.name, pui.establishment.finess]
    assert named(text, [*names, *places, STRANGER, SEARCHED, TYPED, PASSWORD, *secrets]) == []


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("UPDATE accounts_user SET email = NULL", 'column "email" of relation "accounts_user"'),
        (f"SELECT '{SEARCHED}'::int", "invalid input syntax for type integer: …"),
        (f"SELECT E'{SEARCHED}\\n{SEARCHED}'::date", "invalid input syntax for type date: …"),
    ],
)
def test_what_the_base_refuses_is_told_without_the_row(logged, statement, kept):
    """PostgreSQL quotes the whole row, the key and the statement in what it complains of."""
    person = make_user(last_name="Quatremare", username="zoe-quatremare")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(statement)
    assert named(str(refused.value), [person.last_name, SEARCHED])
    logging.getLogger("django.request").error("refused", exc_info=refused.value)
    (line,) = (json.loads(one) for one in logged().splitlines())
    assert kept in line["trace"]
    assert named(line["trace"], [person.last_name, person.username, SEARCHED]) == []


@pytest.mark.parametrize(
    ("complaint", "kept"),
    [
        ("syntaxe en entrée invalide pour le type integer : « {} »", "le type integer : …"),
        ("la valeur « {} » est hors des limites du type integer", "la valeur … est hors"),
    ],
)
def test_a_server_that_speaks_french_tells_no_more(logged, complaint, kept):
    try:
        raise DatabaseError(complaint.format(SEARCHED))
    except DatabaseError as error:
        logging.getLogger("django.request").error("refused", exc_info=error)
    (line,) = (json.loads(one) for one in logged().splitlines())
    assert kept in line["trace"]
    assert named(line["trace"], [SEARCHED]) == []


def test_what_the_web_server_says_by_itself_is_written_alike(logged):
    """Its logger is there before the site: a file that breaks off while it is sent is its line."""
    server = GunicornLogger(Config())
    name = "gunicorn.error"
    DictConfigurator(LOGGING).configure_logger(name, LOGGING["loggers"][name])
    try:
        raise ValueError(f"Key (email)=({STRANGER}) exists")
    except ValueError:
        server.exception("Error handling request %s %s", "GET", f"/recherche/?q={SEARCHED}")
    (line,) = (json.loads(one) for one in logged().splitlines())
    assert (line["logger"], line["level"]) == (name, "ERROR")
    assert named(json.dumps(line), [STRANGER, SEARCHED]) == []


def test_a_job_is_told_by_its_number_its_duration_and_how_it_ended(logged):
    ends_a_job(Status.SUCCEEDED, sealed=SEARCHED)
    ends_a_job(Status.FAILED, sealed=SEARCHED)
    done, lost, failed, _ = (json.loads(one) for one in logged().splitlines())
    assert (done["job"], done["number"], done["ms"], done["outcome"]) == (
        "accounts.tasks.send_sealed",
        12,
        250,
        "success",
    )
    assert (failed["level"], failed["outcome"]) == ("ERROR", "failed")
    assert lost["message"] == "lost: accounts.tasks.send_sealed[12](…)"


def test_what_a_worker_says_beside_is_not_kept(logged):
    worker = logging.getLogger("procrastinate.worker")
    worker.info("Starting job mail[1](to=%s)", STRANGER)
    assert logged() == ""
