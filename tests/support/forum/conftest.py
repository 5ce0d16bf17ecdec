"""Camille, who reads the forum, and support, who moderates it."""

import pytest

from tests.builders import make_user
from tests.support.forum.builders import logged_in, make_moderator


@pytest.fixture
def camille():
    return make_user(first_name="Camille", last_name="Roux")


@pytest.fixture
def client(camille):
    return logged_in(camille)


@pytest.fixture
def support():
    return make_moderator()
