"""What is known of each site, how the doctrine counts it, and who reads it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.doctrine.reading import capacities_of, doctrine_on, site_capacities
from orders.models import Basis, Beneficiary, Capacity
from orders.services.beneficiaries import refresh_beneficiaries
from tests.builders import make_legal_entity, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.builders import LONG_AGO, make_beneficiary, make_doctrine, serve
from tests.orders.capacities.conftest import BEFORE, make_capacity, make_site
from tests.orders.doctrine.conftest import TOMORROW, group, logged_in, make_grid, text_of, written
from tests.orders.test_beneficiaries import public_entity

pytestmark = pytest.mark.django_db
LIST = reverse("orders:capacities")


def counted(sites):
    return {one.site.name: one.counted and one.counted.quantity for one in sites}


def test_the_doctrine_of_a_day_is_the_last_begun(world):
    first = doctrine_on(BEFORE)
    make_doctrine(label="Demain", starts_on=TOMORROW)
    older = make_doctrine(label="Ancienne", starts_on=LONG_AGO)
    assert doctrine_on(timezone.localdate()) == first
    assert doctrine_on(LONG_AGO) == older
    assert doctrine_on(TOMORROW).label == "Demain"


def test_only_the_number_in_the_basis_of_its_group_counts(world):
    make_capacity(world.ehpad, 9, Basis.BED)
    (one,) = site_capacities([world.ehpad], timezone.localdate())
    assert (one.counted, one.why) == (None, "le nombre de places n’est pas connu")
    make_capacity(world.ehpad, 60)
    (one,) = site_capacities([world.ehpad], timezone.localdate())
    assert (one.counted.quantity, one.why) == (60, "")


def test_an_entity_adds_up_its_open_sites_of_beneficiary_categories(world):
    entity = public_entity()
    serve(make_region())
    names = ("Un", "Deux", "Fermé", "Autre")
    codes = ("500", "500", "500", "300")
    for name, code in zip(names, codes, strict=True):
        closed = BEFORE if name == "Fermé" else None
        site = make_site(name, code=code, legal_entity=entity, closed_on=closed)
        make_capacity(site, 10)
    refresh_beneficiaries(by=None)
    row = Beneficiary.objects.get(legal_entity=entity)
    assert counted(capacities_of([row.pk])[row.pk]) == {"Un": 10, "Deux": 10}


def test_the_capacities_of_many_cost_what_one_costs(world, django_assert_num_queries):
    rows = [make_beneficiary(make_site(f"EHPAD {one}")).pk for one in range(6)]
    rows.append(make_beneficiary(make_legal_entity()).pk)
    for ids in (rows[:1], rows):
        with django_assert_num_queries(6):
            found = capacities_of(ids)
        assert list(found) == ids


def test_the_place_reads_its_own_and_one_alone_is_shown_at_once(world):
    client = logged_in(world.person)
    assert client.get(LIST).url == reverse("orders:capacity", args=[world.ehpad.finess])
    assert client.get(reverse("orders:capacity", args=[world.lyon.finess])).status_code == 404
    entity = public_entity()
    sites = [make_site(name, legal_entity=entity) for name in ("Un", "Deux")]
    person = logged_in(make_person("OCE", on=entity))
    text = text_of(person.get(LIST))
    assert all(one.name in text for one in sites)
    assert "EHPAD Les Tilleuls" not in text


def test_the_agency_finds_those_without_number_those_that_ask_and_its_region_alone(world):
    make_capacity(world.ehpad, 60)
    make_site("EHPAD Sans Rien")
    make_capacity(make_site("EHPAD En Lits"), 3, Basis.BED)
    client = logged_in(world.agent)
    answer = client.get(LIST)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "EHPAD des Gones" not in text
    assert "Compte 0" in text
    without = text_of(client.get(LIST, {"capacite": "sans"}))
    assert "EHPAD Sans Rien" in without
    assert "EHPAD En Lits" in without
    assert "EHPAD Les Tilleuls" not in without
    assert "Tilleuls" in text_of(client.get(LIST, {"recherche": "tilleuls"}))
    assert "Aucun établissement" in text_of(client.get(LIST, {"capacite": "demande"}))


def test_the_country_chooses_its_region(world):
    client = logged_in(world.cell)
    text = text_of(client.get(LIST, {"region": "84"}))
    assert "EHPAD des Gones" in text
    assert "EHPAD Les Tilleuls" not in text


def test_the_history_tells_each_number_that_was_known(world):
    row = make_capacity(world.ehpad, 50)
    row.quantity, row.source = 60, "fichier"
    row.save()
    text = text_of(logged_in(world.person).get(LIST, follow=True))
    assert "Places, – → 50 (au 01/01/2026, arrêté)" in text
    assert "Places, 50 → 60 (au 01/01/2026, fichier)" in text


def test_the_list_costs_the_same_whatever_the_number_of_sites(world, client, count_queries):
    client.force_login(world.agent)
    few = count_queries(LIST)
    for one in range(12):
        make_capacity(make_site(f"EHPAD {one}"), 10)
    assert count_queries(LIST) == few


def test_an_establishment_counted_by_another_basis_after_a_new_doctrine(world):
    make_capacity(world.ehpad, 60)
    written(make_grid(group("EHPAD", Basis.BED, masks="5"), starts_on=timezone.localdate()))
    (one,) = site_capacities([world.ehpad], timezone.localdate())
    assert one.why == "le nombre de lits n’est pas connu"
    assert Capacity.objects.count() == 1
