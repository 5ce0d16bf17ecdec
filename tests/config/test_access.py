"""`/acces/`: what is missing, who can act, since when, and the one next step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Profile, Role
from accounts.services.requests import ask_habilitations, ask_profile
from establishments.models import BeneficiaryCategory, LegalStatus
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/acces/"
INVENTORY = (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)


@pytest.fixture
def site():
    region = make_region()
    region.mailbox = "ars@region.example"
    region.save()
    return make_establishment(name="EHPAD Les Glycines")


@pytest.fixture
def person(client):
    user = make_user(first_name="Julien", last_name="Moreau")
    client.force_login(user)
    return user


def ask(client, application="inventaire-epi", place=None):
    query = {"application": application}
    if place:
        query["etablissement"] = place.finess
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    response.diagnosis = response.context["diagnosis"]
    response.missing = [one.key for one in response.diagnosis.unmet]
    return response


def told(response, key):
    """What one condition says."""
    return next(one.detail for one in response.diagnosis.conditions if one.key == key)


def test_whoever_may_already_is_led_there(client_for, site):
    response = ask(client_for("OIE", on=site), place=site)
    assert response.missing == []
    assert "Vous pouvez remplir l’inventaire des EPI" in response.text
    assert f"/epi-stocks/inventaire/{site.finess}/" in response.text


def test_an_account_without_profile_is_told_the_step_that_people_forget(client, person, site):
    response = ask(client, place=site)
    assert response.missing == ["profile", "state", "right"]
    assert "Une seule démarche de votre part les règle toutes" in response.text
    form = reverse("profiles:ask_place", args=[site.finess])
    assert response.diagnosis.step.url == f"{form}?droit=epi_stock%3Ainventory_operator"
    assert client.get(response.diagnosis.step.url).status_code == 200


def test_a_request_that_waits_is_not_a_missing_one(client, person, site):
    ask_profile(person, site, [INVENTORY])
    AccessRequest.objects.update(asked_at=timezone.now() - timedelta(days=5))
    response = ask(client, place=site)
    assert response.diagnosis.waits
    assert "il y a 5\u00a0jours" in told(response, "state")
    assert "Vous pourrez remplir l’inventaire des EPI dès que" in response.text


def test_those_who_were_asked_are_reminded_from_here_once_a_day(client, person, site):
    make_person("APE", on=site)
    asked = ask_profile(person, site, [INVENTORY])
    step = ask(client, place=site).diagnosis.step
    assert (step.label, step.url) == ("Relancer", reverse("profiles:remind", args=[asked.pk]))
    AccessRequest.objects.update(reminded_at=timezone.now())
    response = ask(client, place=site)
    assert response.diagnosis.step is None
    assert "Dernière relance le" in told(response, "state")


def test_an_administrator_is_named_to_whoever_has_a_foot_in_the_entity(client, person, site):
    ape = make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    stranger = ask(client, place=site)
    assert "Benali" not in stranger.text
    assert ape.email not in stranger.text
    assert "1 personne" in stranger.text
    ask_profile(person, site, [INVENTORY])
    asked = ask(client, place=site)
    assert "Nadia Benali" in asked.text
    assert ape.email in asked.text


def test_where_nobody_decides_the_mailbox_of_the_ars_is_shown(client, person, site):
    response = ask(client, place=site)
    assert response.diagnosis.deciding.is_empty
    assert "mailto:ars@region.example" in response.text


def test_an_active_profile_without_the_habilitation_is_told_to_ask_for_it(client, person, site):
    profile = make_profile(person, site)
    grant(profile, Domain.DISPOSTOCK, Role.DECLARANT)
    response = ask(client, place=site)
    assert response.missing == ["right"]
    assert "n’a pas été demandée" in told(response, "right")
    form = reverse("profiles:ask_more", args=[profile.pk])
    assert response.diagnosis.step.url == f"{form}?droit=epi_stock%3Ainventory_operator"
    assert client.get(response.diagnosis.step.url).status_code == 200
    ask_habilitations(profile, [INVENTORY], by=person)
    assert ask(client, place=site).diagnosis.waits


@pytest.mark.parametrize(
    ("state", "dates", "words"),
    [
        ("refused", {}, "a été refusée le"),
        ("revoked", {}, "a été retirée le"),
        ("active", {"ends_on": -1}, "a pris fin le"),
        ("active", {"starts_on": 1}, "commencera le"),
    ],
)
def test_a_right_that_is_not_in_force_says_since_when_and_why(
    client, person, site, state, dates, words
):
    today = timezone.localdate()
    days = {name: today + timedelta(days=number) for name, number in dates.items()}
    grant(
        make_profile(person, site),
        *INVENTORY,
        state=state,
        decided_at=timezone.now(),
        reason="départ en retraite",
        **days,
    )
    response = ask(client, place=site)
    assert response.missing == ["right"]
    assert f"(domaine EPI-Stock) {words}" in told(response, "right")
    if state != "active":
        assert told(response, "right").endswith("\u00a0: départ en retraite.")


@pytest.mark.parametrize(
    ("state", "words"),
    [("suspended", "est suspendu"), ("refused", "a été refusé"), ("ended", "est terminé")],
)
def test_a_profile_that_is_not_active_says_why(client, person, site, state, words):
    profile = make_profile(person, site, state=state)
    Profile.objects.filter(pk=profile.pk).update(reason="congé", decided_at=timezone.now())
    grant(profile, *INVENTORY)
    response = ask(client, place=site)
    assert response.missing == ["state"]
    assert told(response, "state").startswith(f"Votre profil sur {site} {words}")
    assert (response.diagnosis.step is None) is (state == "suspended")


def test_among_several_profiles_the_one_to_work_under_is_chosen_from_here(client, person, site):
    for place in (site, make_establishment()):
        make_person("APE", on=place, user=person)
    response = ask(client, "administrer", place=site)
    assert response.missing == ["use"]
    step = response.diagnosis.step
    client.post(step.url, dict(step.fields))
    assert ask(client, "administrer", place=site).missing == []


def test_the_inventory_adds_up_the_profiles_none_is_to_be_chosen(client, person, site):
    for place in (site, make_establishment()):
        make_person("OIE", on=place, user=person)
    assert ask(client, place=site).missing == []


def test_a_required_second_factor_is_one_of_the_conditions(client, person, settings, site):
    make_person("APE", on=site, user=person)
    assert ask(client, "administrer", place=site).missing == []
    settings.SECOND_FACTOR = "roles"
    response = ask(client, "administrer", place=site)
    assert response.missing == ["factor"]
    assert response.diagnosis.step.url == reverse("mfa_index")


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
    return BeneficiaryCategory.objects.create(
        category_id="355", starts_on=timezone.localdate() - timedelta(days=9)
    )


def test_a_category_that_is_not_served_is_told(client_for, site):
    client = client_for("OCE", on=site)
    assert ask(client, "commander", place=site).missing == ["place-1"]


def test_a_place_is_found_by_its_name_or_chosen_among_several(client, person, site):
    make_establishment(name="EHPAD Les Mimosas")
    assert client.get(ADDRESS, {"etablissement": "glycines"}).context["found"].place == site
    found = client.get(ADDRESS, {"etablissement": "ehpad les"}).context["found"]
    assert (found.place, len(found.choices)) == (None, 2)
    shown = client.get(ADDRESS, {"etablissement": site.finess}).context["found"].shown
    assert client.get(ADDRESS, {"etablissement": shown}).context["found"].place == site
    nobody = client.get(ADDRESS, {"application": "commander", "etablissement": "990000009"})
    assert "Aucun établissement ne répond" in nobody.text


def test_a_visitor_is_told_the_way_in_and_nothing_of_who_exists(client, site):
    response = client.get(ADDRESS, {"application": "inventaire-epi", "etablissement": site.finess})
    assert response.status_code == 200
    assert site.name not in response.text
    for name in ("account_login", "account_signup", "account_reset_password"):
        assert reverse(name) in response.text


def test_what_works_and_what_waits_stand_in_one_table(client, person, site):
    make_person("OIE", on=site, user=person)
    other = make_establishment(name="Clinique du Lac")
    ask_profile(person, other, [(Domain.DISPOSTOCK, Role.DECLARANT)])
    lines = {(one.label, one.word): one for one in client.get(ADDRESS).context["lines"]}
    assert ("Remplir l’inventaire EPI (EPI-Stocks)", "Oui") in lines
    waits = lines["Transmettre un stock de pharmacie (e-Dispostock)", "Pas encore"]
    assert (waits.where, waits.css) == ("Clinique du Lac", "attente")
    assert "votre demande du" in waits.missing


def test_the_page_takes_as_many_queries_for_one_profile_as_for_ten(
    client, person, site, django_assert_max_num_queries
):
    make_person("OIE", on=site, user=person)
    address = f"{ADDRESS}?application=commander&etablissement={site.finess}"
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(25) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
        for number in range(9):
            place = make_establishment(make_legal_entity())
            if number % 2:
                ask_profile(person, place, [INVENTORY])
            else:
                make_person("OIE", on=place, user=person)
    assert counts[0] == counts[1]


def test_a_refusal_leads_to_the_doctor_with_what_was_refused(client_for, site):
    client = client_for("GF", on=site)
    refused = client.get(reverse("epi_stocks:visu_establishment", args=[site.finess]))
    assert refused.status_code == 403
    assert f"/acces/?application=suivi-epi&amp;etablissement={site.finess}" in refused.text
    elsewhere = make_establishment()
    unknown = client_for("OIE", on=site).get(f"/epi-stocks/telecharger/{elsewhere.finess}/")
    assert unknown.status_code == 404
    asked = f"/acces/?application=inventaire-epi&amp;etablissement={elsewhere.finess}"
    assert asked in unknown.text


def test_an_address_of_nothing_leads_to_no_doctor(client_for):
    page = client_for("OIE").get("/nulle-part/")
    assert page.status_code == 404
    assert "/acces/?" not in page.text


def test_whoever_logs_in_without_a_right_lands_on_what_is_missing(client, site):
    person = make_user()
    wanted = reverse("epi_stocks:inventory_start")
    response = client.post(
        f"{reverse('account_login')}?next={wanted}",
        {"login": person.email, "password": "Dispostock-demo-2026!"},
        follow=True,
    )
    address, query = response.redirect_chain[-1][0].split("?")
    assert (address, query) == (ADDRESS, "application=inventaire-epi")
    assert "Vous ne pouvez pas encore remplir l’inventaire" in response.text
