"""The pharmacy of the guide's examples, and the person who declares for it."""

import pytest

from tests.builders import make_establishment, make_person
from tests.pui.builders import make_pui


@pytest.fixture
def pui():
    return make_pui()


@pytest.fixture
def gf(pui):
    return make_person("GF", on=pui.establishment)


@pytest.fixture
def tilleuls():
    return make_establishment(name="EHPAD Les Tilleuls")
