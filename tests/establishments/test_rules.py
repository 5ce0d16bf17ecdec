"""Public or private, beneficiary or not, which number orders: each answer with its reason."""

from datetime import date

import pytest

from establishments import rules
from establishments.models import BeneficiaryCategory, LegalStatus
from tests.builders import make_category, make_establishment, make_legal_entity

TODAY = date(2021, 1, 8)


@pytest.fixture
def public_entity(db):
    status = LegalStatus.objects.create(code="13", label="Communal", is_public=True)
    return make_legal_entity(legal_status=status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sph", "siret", "expected"),
    [
        ("1", "77567216500286", True),
        ("6", "26280004800015", False),
        ("0", "", False),
        ("9", "26280004800015", True),
        ("", "16280004800015", True),
        ("", "77567216500286", False),
        ("9", "", None),
        ("", "", None),
    ],
)
def test_without_a_legal_status_the_site_tells_whether_it_is_public(sph, siret, expected):
    assert rules.is_public(make_establishment(sph_code=sph, siret=siret)) is expected


def test_a_known_legal_status_decides_alone(public_entity):
    site = make_establishment(public_entity, sph_code="6", siret="77567216500286")
    assert rules.is_public(site) is True


@pytest.mark.django_db
def test_a_private_establishment_orders_with_its_own_number():
    site = make_establishment(sph_code="6")
    make_establishment(site.legal_entity, sph_code="6")
    answer = rules.ordering_number(site)
    assert (answer.finess, answer.kind) == (site.finess, rules.FinessKind.SITE)
    assert "privé" in answer.why


def test_a_public_establishment_alone_orders_with_its_own_number(public_entity):
    site = make_establishment(public_entity)
    make_establishment(public_entity, closed_on=TODAY)
    answer = rules.ordering_number(site)
    assert (answer.finess, answer.kind) == (site.finess, rules.FinessKind.SITE)
    assert "seul ouvert" in answer.why


def test_a_public_establishment_among_several_orders_with_the_entity_s(public_entity):
    site = make_establishment(public_entity)
    make_establishment(public_entity)
    answer = rules.ordering_number(site)
    assert (answer.finess, answer.kind) == (public_entity.finess, rules.FinessKind.ENTITY)
    assert "2 établissements ouverts" in answer.why


@pytest.mark.django_db
def test_a_beneficiary_category_holds_between_its_dates():
    category = make_category()
    BeneficiaryCategory.objects.create(
        category=category, starts_on=date(2020, 3, 1), ends_on=date(2021, 3, 31)
    )
    site = make_establishment(category=category)
    assert rules.is_beneficiary(site, date(2021, 3, 31)).yes
    assert not rules.is_beneficiary(site, date(2020, 2, 29)).yes
    late = rules.is_beneficiary(site, date(2021, 4, 1))
    assert not late.yes
    assert "n’est pas bénéficiaire" in late.why


@pytest.mark.django_db
def test_a_closed_establishment_is_no_beneficiary():
    BeneficiaryCategory.objects.create(category=make_category(), starts_on=date(2020, 3, 1))
    answer = rules.is_beneficiary(make_establishment(closed_on=date(2021, 1, 1)), TODAY)
    assert not answer.yes
    assert "fermé depuis le 01/01/2021" in answer.why


@pytest.mark.django_db
def test_an_entity_is_a_beneficiary_by_one_open_site():
    BeneficiaryCategory.objects.create(category=make_category(), starts_on=date(2020, 3, 1))
    pharmacy = make_category("620", "Pharmacie d’Officine")
    entity = make_establishment(category=pharmacy).legal_entity
    make_establishment(entity, closed_on=TODAY)
    assert not rules.is_beneficiary_entity(entity, TODAY).yes
    make_establishment(entity)
    assert rules.is_beneficiary_entity(entity, TODAY).yes


@pytest.mark.django_db
def test_of_many_places_each_is_told_as_it_is_alone(django_assert_max_num_queries):
    BeneficiaryCategory.objects.create(category=make_category(), starts_on=date(2020, 3, 1))
    pharmacy = make_category("620", "Pharmacie d’Officine")
    sites = [
        make_establishment(),
        make_establishment(category=pharmacy, ape_code="8425Z"),
        make_establishment(category=pharmacy, name="PUI du SDIS"),
        make_establishment(closed_on=TODAY, ape_code="8425Z"),
        make_establishment(make_legal_entity(name="Service d’incendie et de secours")),
    ]
    entities = [site.legal_entity for site in sites]
    make_establishment(entities[3], category=pharmacy)
    with django_assert_max_num_queries(3):
        served = rules.beneficiaries([*sites, *entities], TODAY)
        fire = rules.fire_services([*sites, *entities])
    assert served == {one for one in sites if rules.is_beneficiary(one, TODAY).yes} | {
        one for one in entities if rules.is_beneficiary_entity(one, TODAY).yes
    }
    assert served == {sites[0], sites[4], entities[0], entities[4]}
    assert fire == {*sites[1:4], *entities[1:3], entities[4]}
    assert fire == {one for one in [*sites, *entities] if rules.is_fire_service(one)}
