"""A hospital on the list of its region, its agency and the national cell before their screens."""

import pytest
from django.test import Client

from accounts.models import Domain
from pui.models import OnboardingList
from pui.services.onboarding_national import make_lists
from tests.builders import (
    make_establishment,
    make_person,
)


@pytest.fixture
def hospital():
    return make_establishment(name="CH de Blois")


@pytest.fixture
def made(hospital):
    nation = make_person("NAT", domain=Domain.DISPOSTOCK)
    told = {"arhgos": [(2, hospital.finess)]}
    make_lists(by=nation, told=told, region_codes=frozenset({"24"}))
    return OnboardingList.objects.get()


@pytest.fixture
def line(made):
    return made.lines.get()


@pytest.fixture
def ars(client):
    client.user = make_person("ARA")
    client.force_login(client.user)
    return client


@pytest.fixture
def nation():
    client = Client()
    client.force_login(make_person("NAT", domain=Domain.DISPOSTOCK))
    return client
