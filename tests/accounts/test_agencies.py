"""Where an ARS is written to: its mailbox, else those who administer it."""

import pytest
from django.utils import timezone

from accounts.agencies import agencies_without_mailbox, agency_addresses
from accounts.models import Profile
from establishments.models import AdministrativeBody, Region
from tests.builders import make_body, make_person, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_region()


def test_the_mailbox_of_an_agency_is_written_to_and_nobody_besides(region):
    make_person("ARA", on=region)
    region.mailbox = "ars@ars.example"
    assert agency_addresses(region) == ["ars@ars.example"]
    body = AdministrativeBody.objects.get(kind="ars", region=region)
    body.mailbox = "pui@ars.example"
    body.save()
    assert agency_addresses(region) == ["pui@ars.example"]


def test_without_a_mailbox_those_who_administer_the_agency_are_written_to(region):
    first, second = make_person("ARA", on=region), make_person("ARA", on=region)
    make_person("ARL", on=region)
    make_person("ARA", on=make_region("28", "Normandie"))
    profile = second.active_profile
    profile.email = "service@ars.example"
    profile.save()
    assert agency_addresses(region) == [first.email, second.email], "not confirmed"
    profile.email_verified_at = timezone.now()
    profile.save()
    assert agency_addresses(region) == [first.email, "service@ars.example"]
    profile.state = Profile.State.SUSPENDED
    profile.save()
    first.is_active = False
    first.save()
    assert agency_addresses(region) == []


def test_a_place_without_agency_is_of_the_national_cell(region):
    make_person("ARA", on=region)
    body = make_body("national")
    AdministrativeBody.objects.filter(pk=body.pk).update(mailbox="cellule@sante.example")
    assert agency_addresses(None) == ["cellule@sante.example"]


def test_the_agencies_without_mailbox_are_known_in_three_statements(
    region, django_assert_num_queries
):
    other = make_region("28", "Normandie")
    body = make_body("ars", region=make_region("84", "Auvergne"))
    AdministrativeBody.objects.filter(pk=body.pk).update(mailbox="pui@ars.example")
    make_person("ARA", on=region)
    Region.objects.exclude(pk__in=[region.pk, other.pk, "84"]).delete()
    with django_assert_num_queries(3):
        found = {one.region.pk: one.people for one in agencies_without_mailbox()}
    assert found == {region.pk: 1, other.pk: 0}
