"""`/acces/`: what a place lacks, and what is not for its kind of entity."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from establishments.models import BeneficiaryCategory, LegalStatus
from orders.models import ServedRegion
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.config.access_page import ask, told
from tests.orders.builders import serve

pytestmark = pytest.mark.django_db


def test_a_closed_establishment_is_told_with_its_date(client_for, site):
    client = client_for("OIE", on=site)
    site.closed_on = timezone.localdate() - timedelta(days=30)
    site.save()
    response = ask(client, place=site)
    assert response.missing == ["place-0"]
    assert f"depuis le {site.closed_on:%d/%m/%Y}" in response.text


def test_what_is_reserved_to_an_ars_is_not_asked_for_by_a_hospital(client_for, site):
    response = ask(client_for("OIE", on=site), "suivi-epi", place=site)
    assert response.missing == ["profile"]
    assert "Cette action est réservée à\u00a0: Agence régionale de santé" in response.text
    assert response.diagnosis.step is None
    assert "mailto:ars@region.example" in response.text


def test_a_page_closed_though_all_is_green_is_out_of_the_perimeter(client_for, site):
    response = ask(client_for("APE", on=site), "acc.read")
    assert response.diagnosis.is_open
    assert "hors de votre périmètre" in response.text
    assert "quand cette application ouvrira" not in response.text


def test_the_country_administers_the_regions_and_not_the_establishments(client_for):
    client = client_for("NAT")
    assert ask(client, "administrer-structures").diagnosis.is_open
    verdict = ask(client, "administrer").diagnosis.verdict
    assert verdict == "Votre profil ne permet pas d’administrer les profils"


def test_an_ars_that_looks_beyond_its_region_is_told_where_its_profile_leads(client_for, site):
    other = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    client = client_for("ARL", on=make_region())
    response = ask(client, "suivi-medicaments", place=make_establishment(department=other))
    assert response.missing[0] == "profile"
    assert "Vos profils n’y mènent pas" in told(response, "profile")


def test_any_line_of_the_matrix_is_explained(client_for, site):
    response = ask(client_for("OIE", on=site), "epi.reopen", place=site)
    assert response.missing == ["profile"]
    assert "rouvrir une semaine" in response.diagnosis.verdict


@pytest.fixture
def hospital(site):
    """A public entity with two open sites: it orders under its own number."""
    status = LegalStatus.objects.create(code="13", label="Public", is_public=True)
    entity = make_legal_entity(name="CH du Val de Brenne", legal_status=status)
    make_establishment(entity)
    return make_establishment(entity, name="Hôpital de la Rive")


def test_an_order_under_the_number_of_a_site_leads_to_that_of_its_entity(
    client, person, hospital, beneficiary
):
    response = ask(client, "commander", place=hospital)
    assert response.missing == ["number", "profile", "state", "right"]
    entity = hospital.legal_entity
    assert entity.finess_text in told(response, "number")
    assert reverse("profiles:ask_place", args=[entity.finess]) in response.diagnosis.step.url
    make_person("OCE", on=entity, user=person)
    assert ask(client, "commander", place=hospital).missing == ["number"]
    assert ask(client, "commander", place=entity).missing == []


@pytest.fixture
def beneficiary():
    serve(make_region())
    return BeneficiaryCategory.objects.create(
        category_id="355", starts_on=timezone.localdate() - timedelta(days=9)
    )


def test_a_category_that_is_not_served_is_told(client_for, site):
    serve(make_region())
    client = client_for("OCE", on=site)
    assert ask(client, "commander", place=site).missing == ["place-1"]


def overseas_site(**fields):
    region = make_region("04", "La Réunion", is_overseas=True, **fields)
    return make_establishment(department=make_department("974", "La Réunion", region=region))


def test_overseas_declares_its_equipment_and_does_not_order(client_for, beneficiary):
    site = overseas_site(mailbox="ars-oi@sante.example")
    response = ask(client_for("OCE", on=site), "commander", place=site)
    assert response.missing == ["place-2"]
    told_so = told(response, "place-2")
    assert "hors outre-mer" in told_so
    assert "mais ne commandent pas" in told_so
    assert "ars-oi@sante.example" in told_so


def test_a_region_without_mailbox_shows_the_national_address(client_for, beneficiary):
    body = make_body("national")
    body.mailbox = "cellule@sante.example"
    body.save()
    site = overseas_site()
    response = ask(client_for("OCE", on=site), "commander", place=site)
    assert "cellule@sante.example" in told(response, "place-2")


def test_a_region_that_is_not_served_any_more_is_told(client_for, site, beneficiary):
    ServedRegion.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    response = ask(client_for("OCE", on=site), "commander", place=site)
    assert response.missing == ["place-2"]
    assert "ne sert pas Centre-Val de Loire" in told(response, "place-2")


def test_with_the_four_conditions_met_the_doctor_leads_to_the_orders(client_for, site, beneficiary):
    response = ask(client_for("OCE", on=site), "commander", place=site)
    assert response.diagnosis.is_open
    assert response.diagnosis.step.url == reverse("orders:catalogue")
