"""`/acces/`: the page itself, how one gets there and what it costs."""

import pytest
from django.urls import reverse

from accounts.models import Domain, Role
from accounts.services.requests import ask_profile
from tests.builders import (
    PASSWORD,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_user,
)
from tests.config.access_page import ADDRESS, ask, told
from tests.rights import INVENTORY

pytestmark = pytest.mark.django_db


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
        {"login": person.email, "password": PASSWORD},
        follow=True,
    )
    address, query = response.redirect_chain[-1][0].split("?")
    assert (address, query) == (ADDRESS, "application=inventaire-epi")
    assert "Vous ne pouvez pas encore remplir l’inventaire" in response.text


def test_one_profile_more_than_those_named_is_one_other(client):
    person = make_user()
    for _ in range(4):
        make_profile(person, make_establishment(), state="pending")
    client.force_login(person)
    page = ask(client, place=make_establishment())
    assert told(page, "profile").endswith(" et 1 autre.")
    assert "et 1 autres" not in page.text
