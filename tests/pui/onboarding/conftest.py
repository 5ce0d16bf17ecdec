"""A region with its list, one line of it, and the people who work on them."""

import pytest

from accounts.models import Domain
from pui.models import OnboardingList
from tests.builders import (
    make_establishment,
    make_person,
)
from tests.pui.onboarding.steps import (
    Source,
    make,
)


@pytest.fixture
def nation():
    return make_person("NAT", domain=Domain.DISPOSTOCK)


@pytest.fixture
def agent():
    return make_person("ARA")


@pytest.fixture
def hospital():
    return make_establishment(name="CH de Blois")


@pytest.fixture
def onboarding(nation, hospital):
    make(nation, {Source.ARHGOS: [hospital.finess]})
    return OnboardingList.objects.get()


@pytest.fixture
def line(onboarding):
    return onboarding.lines.get()
