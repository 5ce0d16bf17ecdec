"""Why one cannot transmit a stock: no pharmacy yet, or another's declares; told on requests too."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain, Role
from accounts.services.requests import ask_profile
from pui.models import ServedEstablishment
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(name="EHPAD Les Tilleuls")


@pytest.fixture
def serving(site):
    pui = make_pui("PUI de la Rive", on=make_establishment(name="Hôpital de la Rive"))
    ServedEstablishment.objects.create(pui=pui, establishment=site, starts_on=timezone.localdate())
    return pui


def ask(client, place):
    response = client.get(
        "/acces/", {"application": "stock-pharmacie", "etablissement": place.finess}
    )
    assert response.status_code == 200
    return response.context["diagnosis"]


def test_a_gf_without_a_pharmacy_is_told_so_and_led_to_create_it(client, site):
    client.force_login(make_person("GF", on=site))
    diagnosis = ask(client, site)
    assert [one.title for one in diagnosis.unmet] == ["L’établissement a une PUI dans e-Dispostock"]
    assert diagnosis.step.url == reverse("pui:choose_site")


def test_a_gf_with_a_pharmacy_may_transmit(client, site):
    make_pui(on=site)
    client.force_login(make_person("GF", on=site))
    diagnosis = ask(client, site)
    assert diagnosis.is_open
    assert diagnosis.step.url == reverse("pui:transmission", kwargs={"slug": "autres"})


def test_an_entity_has_a_pharmacy_by_one_of_its_sites(client):
    entity = make_legal_entity()
    make_pui(on=make_establishment(entity))
    client.force_login(make_person("GF", on=entity))
    assert ask(client, entity).is_open


def test_without_a_profile_the_request_comes_before_the_pharmacy(client, site):
    client.force_login(make_user())
    diagnosis = ask(client, site)
    assert diagnosis.next_condition.key == "profile"
    assert "last" in [one.key for one in diagnosis.unmet]


def test_a_served_establishment_is_told_which_pharmacy_declares(client, site, serving):
    client.force_login(make_user())
    diagnosis = ask(client, site)
    assert "desservi par PUI de la Rive (Hôpital de la Rive" in diagnosis.next_condition.detail
    assert diagnosis.step.url == serving.establishment.get_absolute_url()


def test_somebody_of_one_served_establishment_is_not_led_to_ask_for_anything(client, site, serving):
    client.force_login(make_person("APE", on=site))
    diagnosis = client.get("/acces/", {"application": "stock-pharmacie"}).context["diagnosis"]
    assert diagnosis.case.place == site
    assert "desservi par PUI de la Rive" in diagnosis.next_condition.detail
    assert diagnosis.step.url == serving.establishment.get_absolute_url()


@pytest.mark.parametrize("question", ["", "?application=stock-pharmacie"])
def test_without_an_establishment_those_of_the_person_are_told_who_declares(
    client, site, serving, question
):
    client.force_login(make_person("OIE", on=site))
    page = client.get(f"/acces/{question}").text.replace("&nbsp;", " ")
    assert "est desservi par PUI de la Rive (Hôpital de la Rive" in page
    assert "Il n’y a ni accès à demander, ni stock à déclarer." in page
    assert "PUI de la Rive déclare" in page, "in the line of the table too"
    make_pui(on=site)
    assert "est desservi par" not in client.get(f"/acces/{question}").text


def test_who_has_no_profile_yet_is_told_that_a_served_establishment_asks_for_nothing(client):
    client.force_login(make_user())
    told = "desservi par la PUI d’un autre n’a pas d’accès à demander"
    assert told in client.get("/acces/?application=stock-pharmacie").text
    assert told not in client.get("/acces/?application=epi-stocks").text
    assert told not in client.get("/acces/").text


def test_a_request_there_is_told_too_before_it_is_sent(client, site, serving):
    client.force_login(make_user())
    page = client.get(reverse("profiles:ask_place", args=[site.finess])).text
    assert "desservi par PUI de la Rive" in page
    assert "il n’y a pas de profil à demander" in page
    other = make_establishment()
    page = client.get(reverse("profiles:ask_place", args=[other.finess])).text
    assert "À savoir" not in page


def test_who_decides_of_the_request_is_told_too(client, site, serving):
    person = make_user()
    ask_profile(person, site, [(Domain.DISPOSTOCK, Role.DECLARANT)])
    client.force_login(make_person("APE", on=site))
    page = client.get("/plage/demandes/").text
    assert "desservi par PUI de la Rive" in page


def test_the_doctor_takes_as_many_queries_for_one_place_as_for_ten(client, site, count_queries):
    person = make_person("GF", on=site)
    client.force_login(person)
    address = f"/acces/?application=stock-pharmacie&etablissement={site.finess}"
    with_one = count_queries(address)
    for number in range(9):
        make_person("GF", on=make_pui(f"PUI {number}").establishment, user=person)
    assert count_queries(address) == with_one
