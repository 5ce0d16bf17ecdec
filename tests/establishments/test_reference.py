"""The nomenclatures shipped with the application."""

from datetime import date

import pytest

from establishments.models import (
    AdministrativeBody,
    BeneficiaryCategory,
    Department,
    EstablishmentCategory,
    LegalStatus,
    Region,
)
from establishments.services.reference import load_territories

pytestmark = pytest.mark.django_db


def test_the_country_is_whole(territories):
    assert Region.objects.count() == 18
    assert Region.objects.filter(is_overseas=True).count() == 5
    assert Department.objects.filter(region__isnull=False).count() == 101
    assert EstablishmentCategory.objects.count() == 293
    assert LegalStatus.objects.count() == 69
    assert BeneficiaryCategory.objects.in_force(date(2020, 11, 16)).count() == 63


def test_a_legal_status_is_public_up_to_thirty(territories):
    for status in LegalStatus.objects.all():
        assert status.is_public is (int(status.code) <= 30)


def test_territories_without_ars_have_no_region(territories):
    codes = Department.objects.filter(region=None).values_list("finess_code", flat=True)
    assert set(codes) == {"9E", "9J"}


def test_each_region_has_its_ars(territories):
    bodies = AdministrativeBody.objects.filter(kind=AdministrativeBody.Kind.ARS)
    assert {body.region_id for body in bodies} == set(Region.objects.values_list("pk", flat=True))
    assert bodies.get(region="24").mailbox == "ARS-CVL-distrilog-sante@ars.sante.fr"


def test_loading_again_changes_nothing_and_keeps_what_was_edited(territories):
    Region.objects.filter(code="24").update(mailbox="ars@ars.example", name="Faux")
    BeneficiaryCategory.objects.filter(category="355").update(ends_on=date(2021, 3, 31))
    before = AdministrativeBody.objects.count()
    load_territories()
    region = Region.objects.get(code="24")
    assert (region.name, region.mailbox) == ("Centre-Val de Loire", "ars@ars.example")
    assert BeneficiaryCategory.objects.get(category="355").ends_on == date(2021, 3, 31)
    assert AdministrativeBody.objects.count() == before
