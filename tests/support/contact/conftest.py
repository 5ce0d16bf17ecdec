"""A region with its agency, SPF, the national cell; mails leave at once."""

import pytest

from accounts.notices.mails import mail as write_mail
from establishments.models import AdministrativeBody
from support.contact import letters
from tests.builders import make_body, make_establishment, make_person, make_region


@pytest.fixture(autouse=True)
def mails_leave_at_once(monkeypatch):
    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(letters, "queue_written", send)


@pytest.fixture(autouse=True)
def bodies(db):
    found = {
        "centre": make_body("ars", region=make_region()),
        "bretagne": make_body("ars", region=make_region("53", "Bretagne")),
        "spf": make_body("spf"),
        "national": make_body("national"),
    }
    for name, body in found.items():
        AdministrativeBody.objects.filter(pk=body.pk).update(mailbox=f"{name}@bal.example")
        body.refresh_from_db()
    return found


@pytest.fixture
def operator(bodies):
    """Of an establishment of the first region."""
    return make_person("OIE", on=make_establishment(name="EHPAD Les Tilleuls"))


@pytest.fixture
def agent(bodies):
    """Of the support."""
    return make_person("SUP")


@pytest.fixture
def agency(bodies):
    """Administers the agency of the first region."""
    return make_person("ARA")
