"""A pharmacy, its declarant, and a file to send."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import Priority
from pui.models import Transmission
from tests.pui.builders import (
    make_followed,
    make_product,
)
from tests.pui.transmissions.pages import START, State


@pytest.fixture(autouse=True)
def own_files(files_of_the_test):
    """What is sent leaves with the test."""


@pytest.fixture
def days(autres):
    """The due day just past, and the one expected."""
    return [one.due_on for one in calendar_of(autres).open_periods(timezone.localtime())]


@pytest.fixture
def propofol():
    return make_followed(make_product("PROPOFOL 10 mg/ml, ampoule 20 ml", code="9999014"))


@pytest.fixture
def midazolam():
    return make_followed(make_product(code="9999021"), priority=Priority.NATIONAL)


@pytest.fixture
def web(client, gf):
    client.force_login(gf)
    return client


@pytest.fixture
def client_of():
    """A browser of its own for another person."""

    def logged(person):
        browser = Client()
        browser.force_login(person)
        return browser

    return logged


@pytest.fixture
def send(web, pui, days):
    """Deposit a CSV on the page; what it answers."""

    def sent(*lines, header="UCD;Libellé;Stock;CMJ", due_on=None, **fields):
        file = SimpleUploadedFile("stock.csv", "\n".join([header, *lines, ""]).encode())
        data = {"pui": pui.pk, "due_on": (due_on or days[-1]).isoformat(), "file": file}
        return web.post(START, data | fields)

    return sent


@pytest.fixture
def sent_row(send):
    """Deposit a CSV; its transmission, checked by the page that follows."""

    def sent(*lines, **options):
        assert send(*lines, **options).status_code == 302
        return Transmission.objects.get(state=State.READY)

    return sent
