"""The APE of an entity, or the ARS of its region, says which site is the main one."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from pghistory.models import Context as PghContext

from accounts.models import Profile
from establishments.models import Establishment
from journal.models import Entry
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return make_legal_entity(name="CENTRE HOSPITALIER DU VAL")


@pytest.fixture
def sites(entity):
    return [make_establishment(entity, name=f"SITE {letter}") for letter in "AB"]


def page_of(site):
    return reverse("establishments:main_site", args=[site.finess])


@pytest.mark.parametrize("code", ["APE", "ARA"])
def test_who_decides_for_the_entity_is_led_from_it_to_the_choice(client_for, entity, sites, code):
    client = client_for(code, on=entity if code == "APE" else entity.region)
    page = client.get(entity.get_absolute_url()).text
    assert all(page_of(site) in page for site in sites)
    asked = client.get(page_of(sites[1])).text
    assert "à la place de SITE A" in asked
    assert not Establishment.objects.filter(is_main=True).exists()
    answer = client.post(page_of(sites[1]), follow=True)
    assert answer.request["PATH_INFO"] == entity.get_absolute_url()
    assert "SITE B est maintenant l’établissement principal" in answer.text
    assert Establishment.objects.get(is_main=True) == sites[1]
    entry = Entry.objects.get(verb="establishment.main_site_set")
    assert entry.by == client.user


def test_the_page_of_a_site_proposes_it(client_for, entity, sites):
    client = client_for("APE", on=entity)
    assert "Confirmer que c’est celui-ci" in client.get(sites[0].get_absolute_url()).text
    assert "Désigner celui-ci à la place" in client.get(sites[1].get_absolute_url()).text
    client.post(page_of(sites[1]))
    assert page_of(sites[1]) not in client.get(sites[1].get_absolute_url()).text
    assert "il n’y a rien à faire" in client.get(page_of(sites[1])).text


@pytest.mark.parametrize("code", ["OIE", "NAT", "ARL"])
def test_who_does_not_decide_is_offered_nothing(client_for, entity, sites, code):
    client = client_for(code, on={"OIE": entity, "ARL": entity.region}.get(code))
    for place in (entity, sites[0]):
        assert page_of(sites[0]) not in client.get(place.get_absolute_url()).text
    assert client.post(page_of(sites[0])).status_code == 403
    assert not Establishment.objects.filter(is_main=True).exists()


def test_the_administrator_of_one_site_does_not_decide_for_its_sisters(client_for, entity, sites):
    client = client_for("APE", on=sites[0])
    assert page_of(sites[0]) not in client.get(sites[0].get_absolute_url()).text
    answer = client.post(page_of(sites[0]))
    assert answer.status_code == 403
    assert "vaut pour tous les sites" in answer.text
    assert client.post(page_of(sites[1])).status_code == 404
    assert not Establishment.objects.filter(is_main=True).exists()


@pytest.fixture
def both(client_for, entity):
    """The ARS of a region who also administers an entity there, and their two profiles."""
    client = client_for("ARA", on=entity.region)
    make_person("APE", on=entity, user=client.user)
    body, place = client.user.profiles.order_by("legal_entity_id", "pk").reverse()
    return client, body, place


def use(client, profile):
    client.post(reverse("profiles:use"), {"profile": profile.pk})


def test_the_choice_is_made_under_the_profile_the_page_was_shown_under(both, sites):
    client, first, second = both
    use(client, first)
    shown = f'name="profile" value="{first.pk}"'
    assert shown in client.get(page_of(sites[1])).text
    use(client, second)
    client.post(page_of(sites[1]), {"profile": first.pk})
    assert Entry.objects.get(verb="establishment.main_site_set").profile == str(first)
    context = PghContext.objects.get(pk=event_of(sites[1]).pgh_context_id)
    assert context.metadata["profile"] == first.pk


def event_of(site):
    events = apps.get_model("establishments.EstablishmentEvent").objects
    return events.filter(pgh_obj=site, is_main=True).get()


def test_a_profile_that_ended_meanwhile_leaves_the_one_in_use(both, sites):
    client, first, second = both
    use(client, second)
    first.habilitations.update(state="ended")
    Profile.objects.filter(pk=first.pk).update(state="ended")
    client.post(page_of(sites[1]), {"profile": first.pk})
    assert Entry.objects.get(verb="establishment.main_site_set").profile == str(second)


def test_the_profile_of_somebody_else_gives_nothing(client_for, entity, sites):
    stranger = make_person("APE", on=entity)
    client = client_for("OIE", on=entity)
    answer = client.post(page_of(sites[1]), {"profile": stranger.profiles.get().pk})
    assert answer.status_code == 403
    assert not Establishment.objects.filter(is_main=True).exists()


def test_the_administrator_of_the_only_open_site_does(client_for, entity):
    site = make_establishment(entity)
    make_establishment(entity, closed_on=date(2020, 1, 1))
    client_for("APE", on=site).post(page_of(site))
    assert Establishment.objects.get(is_main=True) == site


def test_the_ars_of_a_region_with_one_distant_site_does_not_decide(client_for, entity, sites):
    paris = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    distant = make_establishment(entity, department=paris)
    assert client_for("ARA", on=paris.region).post(page_of(distant)).status_code == 403


def test_a_site_that_closed_meanwhile_is_refused_with_a_sentence(client_for, entity, sites):
    client = client_for("APE", on=entity)
    Establishment.objects.filter(pk=sites[1].pk).update(closed_on=date(2020, 1, 1))
    assert page_of(sites[1]) not in client.get(entity.get_absolute_url()).text
    assert "est fermé" in client.post(page_of(sites[1]), follow=True).text


def test_what_only_serves_on_screen_is_not_printed(client_for, entity, sites):
    page = client_for("APE", on=entity).get(entity.get_absolute_url()).text
    assert '<td role="cell" data-label="Établissement principal" class="app-ecran">' in page


def test_of_a_single_site_there_is_nothing_to_choose(client_for, entity):
    site = make_establishment(entity)
    client = client_for("APE", on=entity)
    for place in (entity, site):
        page = client.get(place.get_absolute_url()).text
        assert "Le seul établissement ouvert" in page
        assert page_of(site) not in page


def test_who_cannot_choose_reads_who_can(client_for, entity, sites):
    page = client_for("OIE", on=entity).get(sites[0].get_absolute_url()).text
    assert "L’administrateur de l’entité (APE) ou l’ARS peut en désigner un autre" in page
