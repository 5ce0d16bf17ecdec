"""The addresses of FINESS need nobody: they are there, and follow the directory."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orders.models import DeliveryAddress
from orders.services.finess_addresses import finess_address, finess_addresses
from tests.builders import make_establishment, make_legal_entity
from tests.orders.builders import make_beneficiary

State = DeliveryAddress.State


@pytest.fixture
def home(db):
    site = make_establishment(address="12 rue des Acacias", postal_code="45000")
    return make_beneficiary(site)


def test_the_address_of_the_directory_is_there_without_anybody(home):
    address = finess_address(home)
    assert str(address).endswith("12 rue des Acacias, 45000 ORLÉANS")
    assert (address.state, address.site) == (State.VALIDATED, home.establishment)


def test_asked_again_it_is_the_same_and_writes_nothing(home, django_assert_num_queries):
    address = finess_address(home)
    with django_assert_num_queries(2):
        assert finess_address(home) == address


def test_an_address_that_changes_in_the_directory_is_replaced_and_the_former_kept(home):
    former = finess_address(home)
    former.terms = "Quai 2, 8 h – 12 h"
    former.save()
    home.establishment.address = "3 avenue du Parc"
    home.establishment.save()
    address = finess_address(home)
    former.refresh_from_db()
    assert (former.state, former.lines) == (State.RETIRED, "12 rue des Acacias")
    assert (address.lines, address.terms) == ("3 avenue du Parc", "Quai 2, 8 h – 12 h")


def test_an_entity_has_those_of_its_open_sites_the_main_one_first(db):
    entity = make_legal_entity()
    words = {"legal_entity": entity, "postal_code": "45000"}
    make_establishment(address="1 rue A", **words)
    main = make_establishment(address="2 rue B", is_main=True, **words)
    make_establishment(address="3 rue C", closed_on="2020-01-01", **words)
    make_establishment(address="", **words)
    found = finess_addresses(make_beneficiary(entity))
    assert [one.lines for one in found] == ["2 rue B", "1 rue A"]
    assert found[0].site == main


def test_where_the_directory_tells_no_address_there_is_none(db):
    assert finess_address(make_beneficiary(make_establishment(address=""))) is None


def test_the_address_of_a_site_that_closed_is_retired(home):
    address = finess_address(home)
    home.establishment.closed_on = "2020-01-01"
    home.establishment.save()
    assert finess_address(home) is None
    address.refresh_from_db()
    assert address.state == State.RETIRED


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_address():
    site = make_establishment(address="12 rue des Acacias", postal_code="45000")
    home = make_beneficiary(site)

    def ask(_):
        try:
            return finess_address(home).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, range(8)))
    assert len(found) == 1
    assert DeliveryAddress.objects.count() == 1
