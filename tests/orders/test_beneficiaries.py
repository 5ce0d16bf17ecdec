"""Who orders, under which number: the list follows the directory and says what the rules say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from establishments.models import BeneficiaryCategory, LegalStatus
from establishments.rules import FinessKind, is_beneficiary, ordering_number
from orders.models import Beneficiary
from orders.services.beneficiaries import beneficiary_of, enlist, refresh_beneficiaries
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_region,
)
from tests.orders.builders import LONG_AGO, serve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def served_categories():
    for code in ("355", "500"):
        BeneficiaryCategory.objects.create(category=make_category(code), starts_on=LONG_AGO)
    serve(make_region())


def public_entity(**fields):
    status, _ = LegalStatus.objects.get_or_create(
        code="13", defaults={"label": "EPS", "is_public": True}
    )
    return make_legal_entity(legal_status=status, **fields)


def listed():
    return {one.finess for one in Beneficiary.objects.filter(is_listed=True)}


def test_a_private_establishment_orders_under_its_own_number():
    site = make_establishment(siret="8" * 14)
    refresh_beneficiaries(by=None)
    assert listed() == {site.finess}


def test_a_public_entity_of_several_sites_orders_once_under_the_number_of_the_entity():
    entity = public_entity()
    main = make_establishment(entity, is_main=True)
    make_establishment(entity, category=make_category("500"))
    make_establishment(entity, category=make_category("300"))
    refresh_beneficiaries(by=None)
    assert listed() == {entity.finess}
    assert beneficiary_of(entity).category == main.category


def test_a_public_establishment_alone_in_its_entity_orders_under_its_own_number():
    site = make_establishment(public_entity())
    make_establishment(site.legal_entity, closed_on=timezone.localdate())
    refresh_beneficiaries(by=None)
    assert listed() == {site.finess}


def test_neither_another_category_nor_a_region_not_served_is_on_the_list():
    make_establishment(category=make_category("300"))
    overseas = make_department("971", "Guadeloupe", make_region("01", "Guadeloupe"))
    make_establishment(department=overseas)
    refresh_beneficiaries(by=None)
    assert listed() == set()


def test_a_site_that_closes_leaves_the_list_and_comes_back_with_its_row():
    site = make_establishment()
    refresh_beneficiaries(by=None)
    row = beneficiary_of(site)
    site.closed_on = timezone.localdate()
    site.save()
    assert refresh_beneficiaries(by=None)["removed"] == 1
    site.closed_on = None
    site.save()
    assert refresh_beneficiaries(by=None)["changed"] == 1
    assert (listed(), beneficiary_of(site)) == ({site.finess}, row)


def test_a_second_refresh_changes_nothing():
    make_establishment()
    make_establishment(public_entity())
    refresh_beneficiaries(by=None)
    assert refresh_beneficiaries(by=None) == {"added": 0, "changed": 0, "removed": 0}


@pytest.mark.parametrize("sph_code", ["", "1", "6", "9"])
@pytest.mark.parametrize("siret", ["", "1" * 14, "7" * 14])
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("sites", [1, 2])
def test_the_list_says_what_the_rules_of_the_directory_say(sph_code, siret, is_known, sites):
    entity = public_entity() if is_known else make_legal_entity()
    places = [make_establishment(entity, sph_code=sph_code, siret=siret) for _ in range(sites)]
    refresh_beneficiaries(by=None)
    numbers = {ordering_number(one) for one in places}
    assert listed() == {one.finess for one in numbers}
    assert all(is_beneficiary(one, timezone.localdate()).yes for one in places)
    kinds = {one.finess_kind for one in Beneficiary.objects.all()}
    assert kinds == {FinessKind(one.kind) for one in numbers}


def test_an_entity_orders_under_the_category_of_its_main_establishment():
    """Its main one, whatever the others are; by the refresh and by a first visit alike."""
    entity, other = public_entity(), public_entity()
    for one in (entity, other):
        make_establishment(one, category=make_category("355"))
        make_establishment(one, category=make_category("500"), is_main=True)
    assert enlist(other)
    refresh_beneficiaries(by=None)
    assert {row.category_id for row in Beneficiary.objects.all()} == {"500"}


def test_a_category_that_is_served_no_more_leaves_the_list():
    site = make_establishment(category=make_category("500"), siret="8" * 14)
    refresh_beneficiaries(by=None)
    assert listed() == {site.finess}
    yesterday = timezone.localdate() - timedelta(days=1)
    BeneficiaryCategory.objects.filter(category="500").update(ends_on=yesterday)
    refresh_beneficiaries(by=None)
    assert listed() == set()
