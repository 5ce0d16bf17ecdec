"""A pharmacy, its list and its person, at the moment of the mock-ups: Tuesday 17/11/2020."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.weeks import PARIS
from medications.calendar import calendar_of
from pui.models import StockLine
from pui.services.transmitting import (
    answer,
    confirm,
    deposit,
)
from pui.transfer.preview import preview_of
from tests.pui.builders import make_followed, make_product

NOW = datetime(2020, 11, 17, 9, 52, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def own_files(files_of_the_test):
    """What is sent leaves with the test."""


@pytest.fixture
def due_days(autres):
    return [one.due_on for one in calendar_of(autres).open_periods(NOW)]


@pytest.fixture
def due_on(due_days):
    return due_days[-1]


@pytest.fixture
def send(pui, gf, autres, due_on):
    """Deposit a CSV of these lines; its transmission."""

    def sent(*lines, header="UCD;Libellé;Stock;CMJ", name="stock.csv", by=None, **options):
        text = "\n".join([header, *lines]) + "\n"
        file = SimpleUploadedFile(name, text.encode())
        fields = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
        return deposit(file, by=by or gf, **fields | options).transmission

    return sent


@pytest.fixture
def shown(send):
    """Deposit a CSV of these lines; what the page shows of it."""

    def preview(*lines, **options):
        return preview_of(send(*lines, **options))

    return preview


@pytest.fixture
def propofol():
    return make_followed(make_product("PROPOFOL 10 mg/ml, ampoule 20 ml", code="9999014"))


@pytest.fixture
def midazolam():
    return make_followed(make_product(code="9999021"))


@pytest.fixture
def say(gf):
    """Answer lines of a transmission as its page stands."""

    def said(row, by=None, version=None, **answers):
        version = row.report["version"] if version is None else version
        by_number = {int(name.removeprefix("line")): one for name, one in answers.items()}
        return answer(row, by_number, by=by or gf, version=version)

    return said


@pytest.fixture
def send_all(gf):
    """Confirm a transmission as its page stands."""

    def sent(row, by=None, version=None, **options):
        version = row.report["version"] if version is None else version
        return confirm(row, by=by or gf, version=version, now=NOW, **options)

    return sent


def stocks():
    return dict(StockLine.objects.values_list("product__code", "stock"))
