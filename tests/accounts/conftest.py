"""A hospital with one site, its administrator, and the national services that log people in."""

import pytest

from tests.accounts.ways_in_steps import configure
from tests.builders import make_establishment, make_legal_entity, make_person


@pytest.fixture
def entity():
    return make_legal_entity(name="Centre hospitalier du Val de Brenne")


@pytest.fixture
def site(entity):
    return make_establishment(entity, name="Hôpital de la Rive")


@pytest.fixture
def ape(entity):
    return make_person("APE", on=entity)


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
