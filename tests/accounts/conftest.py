"""The two national services that log people in, as the tests of the accounts play them."""

import pytest

from tests.accounts.ways_in_steps import configure


@pytest.fixture
def psc(settings, monkeypatch):
    service = configure(settings, monkeypatch, "pro-sante-connect", "PSC", signs=False)
    service.person = {"given_name": "Camille", "family_name": "Test"}
    yield service
    service.stop()


@pytest.fixture
def proconnect(settings, monkeypatch):
    service = configure(settings, monkeypatch, "proconnect", "PROCONNECT", signs=True)
    service.person = {"given_name": "Camille", "usual_name": "Test", "email": "c@ch.example"}
    yield service
    service.stop()
