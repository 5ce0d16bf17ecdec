"""A pharmacy, the person who declares for it, and the list that it declares."""

import pytest

from tests.builders import make_person
from tests.pui.builders import make_list, make_pui


@pytest.fixture
def files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def autres():
    return make_list()


@pytest.fixture
def pui():
    return make_pui()


@pytest.fixture
def gf(pui):
    return make_person("GF", on=pui.establishment)
