"""A small country: two regions, three departments, people of every role."""

import pytest

from accounts.models import User
from establishments.models import AdministrativeBody
from steering.models import Message
from steering.services.message_rules import Content
from steering.services.messages import send_message, start_message
from tests.builders import make_body, make_department, make_establishment, make_person, make_region

Kind = AdministrativeBody.Kind


@pytest.fixture
def centre():
    make_department("45", "Loiret")
    make_department("18", "Cher")
    return make_region()


@pytest.fixture
def brittany():
    region = make_region("53", "Bretagne")
    make_department("35", "Ille-et-Vilaine", region=region)
    return region


@pytest.fixture
def hospital(centre):
    return make_establishment(name="CH du Loiret")


@pytest.fixture
def cell():
    return make_person("NAT", domain="administration")


@pytest.fixture
def agency(centre):
    return make_person("ARA", on=centre)


def content(**fields):
    """A message for information, to the GF of the country; a test names what matters to it."""
    defaults = {
        "reference": "STOCKS N°2026-1",
        "title": "Deux transmissions par semaine",
        "body": "À partir de **lundi**, deux transmissions par semaine.",
        "roles": ["GF"],
        "is_countrywide": True,
    }
    return Content(**defaults | fields)


def draft(by: User, **fields) -> Message:
    return start_message(by=by, content=content(**fields))


def sent(by: User, **fields) -> Message:
    """A message that left; ``reference`` is numbered after the last."""
    fields.setdefault("reference", f"N°{Message.objects.count() + 1}")
    found = draft(by, **fields)
    message, _ = send_message(by=by, message=found, seen=found.version)
    return message


def body(kind, **where):
    return make_body(kind, **where)
