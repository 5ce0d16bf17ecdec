"""A small Chorus Pro of our own, and an invoice of a public buyer."""

import pytest

from orders.chorus.client import account, forget_token
from orders.chorus.recipients import ask_again
from orders.services.invoices import issue
from tests.builders import make_person
from tests.orders.chorus_server import Chorus
from tests.orders.paid_builders import consortium, make_seller, make_shipped


@pytest.fixture
def chorus(settings):
    server = Chorus().start()
    settings.CHORUS_PRO = server.settings
    yield server
    forget_token(account())
    ask_again()
    server.stop()


@pytest.fixture
def supplier(db):
    make_seller()
    return make_person("CSM", on=consortium())


@pytest.fixture
def invoice(chorus, supplier):
    return issue(by=supplier, orders=[make_shipped(public=True)])
