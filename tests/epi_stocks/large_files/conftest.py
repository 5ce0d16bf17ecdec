"""A file of two sites, at each step of its way: deposited, read, confirmed."""

import pytest

from epi_stocks.services import imports
from epi_stocks.tasks import read_inventory
from tests.builders import make_establishment
from tests.epi_stocks.large_files import act, after, deposit


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(imports, "READ_AT_ONCE", 0)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_establishment(is_main=True)


@pytest.fixture
def sister(site):
    return make_establishment(site.legal_entity)


@pytest.fixture
def client(client_for, site):
    return client_for("OIE", on=site)


@pytest.fixture
def deposited(client, site, sister):
    return deposit(client, site, sister)


@pytest.fixture
def previewed(deposited):
    return after(read_inventory, deposited)


@pytest.fixture
def confirmed(client, previewed):
    act(client, previewed, "apply")
    previewed.refresh_from_db()
    return previewed
