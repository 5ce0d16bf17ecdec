"""What may be asked for, by kind and category of entity; and who decides of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.deciders import deciders_of, deciders_of_each
from accounts.grants import ROLE_CODES
from accounts.models import Domain, Level, Profile, Role
from accounts.offers import roles_closed, roles_offered
from establishments.models import AdministrativeBody, BeneficiaryCategory, LegalStatus
from tests.builders import (
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.rights import FILES, ORDERS

pytestmark = pytest.mark.django_db
Kind = AdministrativeBody.Kind


@pytest.fixture
def hospital():
    """A category that may order."""
    category = make_category()
    BeneficiaryCategory.objects.create(category=category, starts_on="2020-10-01")
    return category


def offered(entity):
    return {(offer.domain, offer.role) for offer in roles_offered(entity)}


def public_entity():
    status, _ = LegalStatus.objects.get_or_create(
        code="13", defaults={"label": "Public", "is_public": True}
    )
    return make_legal_entity(legal_status=status)


def test_every_habilitation_that_exists_is_offered_somewhere_with_what_it_allows(hospital):
    site = make_establishment()
    bodies = [
        make_body(
            kind,
            region=make_region() if kind in (Kind.ARS, Kind.OMEDIT) else None,
            department=make_department() if kind == Kind.DEPARTMENT_COUNCIL else None,
        )
        for kind in Kind
    ]
    found = {
        (offer.domain, offer.role, kind)
        for entity, kind in [(site, "site"), *((body, body.kind) for body in bodies)]
        for offer in roles_offered(entity)
        if offer.allows.endswith(".")
    }
    assert found == set(ROLE_CODES)


def test_orders_are_offered_to_beneficiaries_only(hospital):
    assert ORDERS in offered(make_establishment())
    other = make_establishment(category=make_category("620", "Officine", aggregate_code="3201"))
    assert not {ORDERS, FILES} & offered(other)
    assert {one.why for one in roles_closed(other)} == {
        "Sa catégorie (620 Officine) n’est pas bénéficiaire.",
        "Sa catégorie n’a pas de pharmacie à usage intérieur (PUI).",
    }


def test_a_public_entity_of_several_sites_orders_by_its_own_number(hospital):
    entity = public_entity()
    first, _second = make_establishment(entity), make_establishment(entity)
    assert ORDERS in offered(entity)
    assert ORDERS not in offered(first)
    closed = roles_closed(first)[0]
    assert (closed.number.finess, closed.number.kind) == (entity.finess, "EJ")


def test_a_site_alone_orders_by_its_own_number(hospital):
    site = make_establishment(public_entity())
    assert ORDERS in offered(site)
    assert ORDERS not in offered(site.legal_entity)
    assert roles_closed(site.legal_entity)[0].number.finess == site.finess


def test_private_sites_order_each_by_its_own_number(hospital):
    entity = make_legal_entity()
    for _ in range(2):
        make_establishment(entity, sph_code="3")
    assert ORDERS not in offered(entity)
    assert "chaque établissement (ET)" in roles_closed(entity)[0].why


def test_each_offer_says_who_decides(hospital):
    levels = {offer.role: offer.level for offer in roles_offered(make_establishment())}
    assert levels[Role.ADMINISTRATOR] == Level.ARS
    assert levels[Role.DELEGATED_ADMINISTRATOR] == levels[Role.DECLARANT] == Level.ENTITY
    ars = roles_offered(make_body("ars", region=make_region()))
    assert {offer.level for offer in ars} == {Level.NATIONAL}


def test_those_who_decide_are_the_entitys_own_else_the_ars():
    site = make_establishment()
    ars = make_person("ARA", on=site.region)
    found = deciders_of(site, Level.ENTITY)
    assert (found.people, found.level) == ([ars], Level.ARS)
    ape = make_person("APE", on=site.legal_entity)
    found = deciders_of(site, Level.ENTITY)
    assert (found.people, found.level) == ([ape], Level.ENTITY)
    assert deciders_of(site, Level.ENTITY, but=ape).people == [ars]
    assert deciders_of(site, Level.ARS).people == [ars]


def test_an_administrator_of_a_site_does_not_decide_for_the_entity_nor_for_a_sister():
    site = make_establishment()
    make_person("APE", on=site)
    sister = make_establishment(site.legal_entity)
    assert deciders_of(sister, Level.ENTITY).people == []
    assert deciders_of(site.legal_entity, Level.ENTITY).people == []


@pytest.mark.parametrize("state", [Profile.State.SUSPENDED, Profile.State.ENDED])
def test_somebody_whose_profile_stopped_decides_nothing(state):
    site = make_establishment()
    make_person("APE", on=site)
    Profile.objects.update(state=state)
    assert deciders_of(site, Level.ENTITY).people == []


def test_many_requests_are_named_in_two_queries():
    sites = [make_establishment() for _ in range(10)]
    apes = [make_person("APE", on=site) for site in sites]
    national = make_person("NAT", domain=Domain.ADMINISTRATION)
    asked = [(site, Level.ENTITY) for site in sites]
    asked.append((make_body("ars", region=make_region()), Level.NATIONAL))
    with CaptureQueriesContext(connection) as queries:
        found = deciders_of_each(asked, but=None)
    assert [one.people for one in found] == [[ape] for ape in apes] + [[national]]
    assert len(queries) == 2
