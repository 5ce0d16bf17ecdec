"""Who declares and who administers where a pharmacy stands: the same people on every page."""

import pytest
from django.utils import timezone

from pui.models import OnboardingLine, OnboardingList
from pui.onboarding.people import apes_at
from pui.onboarding.people import people_of as people_of_lines
from pui.people import APE, GF
from pui.region.contacts import people_of, recipients_of
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db


@pytest.fixture
def pui():
    return make_pui()


def line_of(pui):
    site = pui.establishment
    cell = make_person("NAT", domain="dispostock")
    onboarding = OnboardingList.objects.create(region=site.region, made_by=cell)
    return OnboardingLine.objects.create(
        onboarding=onboarding,
        legal_entity=site.legal_entity,
        establishment=site,
        site=site,
        sources=[],
    )


def test_the_register_and_the_opening_read_the_same_people(pui, django_assert_num_queries):
    site = pui.establishment
    of_entity = make_person("GF", on=site.legal_entity)
    of_site, ape = make_person("GF", on=site), make_person("APE", on=site)
    make_person("GF", on=make_establishment(site.legal_entity))
    with django_assert_num_queries(1):
        found = people_of([pui])[pui.pk]
    assert [(one.kind, one.email) for one in found] == [
        (GF, of_site.email),
        (GF, of_entity.email),
        (APE, ape.email),
    ]
    line = line_of(pui)
    with django_assert_num_queries(1):
        told = people_of_lines([line])[line.pk]
    assert [*told.gfs, *told.apes] == found
    assert apes_at([site]) == told.apes


def test_nothing_is_written_to_an_address_that_was_not_confirmed(pui):
    gf = make_person("GF", on=pui.establishment)
    profile = gf.active_profile
    profile.email = "magasin@ch.example"
    profile.save()
    assert recipients_of(pui, people_of([pui])[pui.pk]) == [gf.email]
    profile.email_verified_at = timezone.now()
    profile.save()
    assert recipients_of(pui, people_of([pui])[pui.pk]) == ["magasin@ch.example"]
