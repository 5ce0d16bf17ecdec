"""Whom and where the access doctor is asked about."""

import pytest

from tests.builders import make_establishment, make_region, make_user


@pytest.fixture
def site():
    region = make_region()
    region.mailbox = "ars@region.example"
    region.save()
    return make_establishment(name="EHPAD Les Glycines")


@pytest.fixture
def person(client):
    user = make_user(first_name="Julien", last_name="Moreau")
    client.force_login(user)
    return user
