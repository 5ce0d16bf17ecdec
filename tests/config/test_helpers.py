"""The home page says who helps: an administrator of the place, else its agency."""

import pytest

from accounts.models import Domain, Role
from tests.builders import (
    grant,
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(name="Hôpital Saint-Aubin")


def test_who_helps_is_the_administrator_of_the_place_else_the_agency(client_for, site):
    ape = make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    page = client_for("OIE", on=site).get("/").content.decode()
    assert "Nadia Benali" in page
    assert ape.email in page
    alone = make_establishment(make_legal_entity())
    make_body("ars", region=alone.region)
    type(alone.region).objects.filter(pk=alone.region_id).update(mailbox="ars@ars.example")
    page = client_for("OIE", on=alone).get("/").content.decode()
    assert "Votre établissement n’a pas d’APE" in page
    assert "ars@ars.example" in page
    assert ape.email not in page


def test_the_administrators_of_the_entity_help_a_site_and_other_sites_do_not(client_for, site):
    sister = make_establishment(site.legal_entity)
    other = make_person("APE", on=sister)
    above = make_user(first_name="Bruno", last_name="Morel")
    grant(make_profile(above, site.legal_entity), Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    page = client_for("OIE", on=site).get("/").content.decode()
    assert "Bruno Morel" in page
    assert other.email not in page
