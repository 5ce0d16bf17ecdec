"""For whom somebody orders: the chosen profile decides; a place enters the list when it should."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Domain, Role
from establishments.models import AdministrativeBody, BeneficiaryCategory, LegalStatus
from orders.models import Beneficiary
from orders.reading import agency_for, enlisted, ordering_for, orders_today
from orders.services.beneficiaries import enlist, refresh_beneficiaries
from tests.builders import (
    grant,
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
)
from tests.orders.builders import LONG_AGO, make_beneficiary, serve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def served_category():
    BeneficiaryCategory.objects.create(category=make_category("500"), starts_on=LONG_AGO)
    serve(make_region())


def nursing_home(**fields):
    return make_establishment(category=make_category("500"), siret="9" * 14, **fields)


def hospital_group(**fields):
    status, _ = LegalStatus.objects.get_or_create(
        code="13", defaults={"label": "EPS", "is_public": True}
    )
    entity = make_legal_entity(legal_status=status, **fields)
    for _ in range(2):
        make_establishment(entity, category=make_category("500"))
    return entity


def choose(user, profile):
    user.forget_rights()
    user.chosen_profile_id = profile.pk
    return user


def test_who_orders_orders_for_the_place_of_their_profile():
    home = make_beneficiary(nursing_home())
    assert ordering_for(make_person("OCE", on=home.place)) == home
    assert ordering_for(make_person("APE", on=home.place)) == home


def test_a_place_that_became_a_beneficiary_since_the_list_was_made_enters_it_at_once():
    site, entity = nursing_home(), hospital_group()
    assert ordering_for(make_person("OCE", on=site)).finess == site.finess
    assert ordering_for(make_person("OCE", on=entity)).finess == entity.finess
    assert refresh_beneficiaries(by=None) == {"added": 0, "changed": 0, "removed": 0}


def test_a_place_that_left_the_list_comes_back_with_its_row_when_it_is_eligible_again():
    home = make_beneficiary(nursing_home(), is_listed=False)
    found = ordering_for(make_person("OCE", on=home.place))
    assert (found, found.is_listed) == (home, True)


def test_nobody_orders_for_a_place_that_is_no_beneficiary():
    other = make_establishment(category=make_category("300"))
    assert ordering_for(make_person("OCE", on=other)) is None
    assert not Beneficiary.objects.exists()


def test_a_place_that_closed_orders_no_more_the_same_day_before_the_list_follows():
    home = make_beneficiary(nursing_home())
    assert enlisted(home.place) == home
    home.place.closed_on = timezone.localdate()
    assert enlisted(home.place) is None
    home.place.closed_on = timezone.localdate() + timedelta(days=1)
    assert enlisted(home.place) == home


def test_nobody_orders_overseas_nor_under_a_number_that_does_not_serve():
    overseas = make_department("974", "La Réunion", make_region("04", "La Réunion"))
    site_of_a_group = hospital_group().establishments.first()
    assert ordering_for(make_person("OCE", on=nursing_home(department=overseas))) is None
    assert ordering_for(make_person("OCE", on=site_of_a_group)) is None


def test_whoever_does_not_order_there_has_no_beneficiary():
    home = make_beneficiary(nursing_home())
    assert ordering_for(make_person("OIE", on=home.place)) is None
    assert ordering_for(make_person("NAT", domain=Domain.DISTRILOG)) is None


def test_of_several_profiles_the_chosen_one_decides():
    first, second = make_beneficiary(nursing_home()), make_beneficiary(nursing_home())
    user = make_person("OCE", on=first.place)
    other = make_person("OCE", on=second.place, user=user).profiles.last()
    assert ordering_for(choose(user, user.profiles.first())) == first
    assert ordering_for(choose(user, other)) == second


def test_without_a_choice_among_several_profiles_nobody_is_guessed():
    first, second = make_beneficiary(nursing_home()), make_beneficiary(nursing_home())
    user = make_person("OCE", on=first.place)
    make_person("OCE", on=second.place, user=user)
    assert ordering_for(user) is None


def test_an_ars_orders_on_its_pool_by_its_administrator_or_by_an_operator():
    body = make_body(AdministrativeBody.Kind.ARS, region=make_region())
    operator = make_person("USR")
    grant(make_profile(operator, body), Domain.DISTRILOG, Role.ORDER_OPERATOR)
    operator.forget_rights()
    assert agency_for(make_person("ARA")) == body
    assert agency_for(operator) == body
    assert agency_for(make_person("ARL", domain=Domain.DISTRILOG)) is None


def test_an_establishment_has_no_pool_and_an_ars_no_quota():
    home = make_beneficiary(nursing_home())
    assert agency_for(make_person("OCE", on=home.place)) is None
    assert ordering_for(make_person("ARA")) is None


def test_a_place_is_listed_once_whatever_the_number_of_visits():
    site = nursing_home()
    assert enlist(site)
    assert enlist(site)
    assert Beneficiary.objects.count() == 1


def test_who_orders_today_is_on_the_list_or_of_an_ars_that_is_served():
    home, gone = make_beneficiary(nursing_home()), make_beneficiary(nursing_home(), is_listed=False)
    far = make_region("04", "La Réunion", is_overseas=True)
    assert orders_today(make_person("OCE", on=home.place))
    assert orders_today(make_person("ARA", on=home.region))
    for user in (
        make_person("OCE", on=gone.place),
        make_person("OIE", on=home.place),
        make_person("ARA", on=far),
        make_person("NAT", domain=Domain.DISTRILOG),
    ):
        assert not orders_today(user)
