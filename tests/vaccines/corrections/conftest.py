"""A region with two pharmacies and their care homes, and another region."""

from types import SimpleNamespace

import pytest

from pui.models import ServedEstablishment
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import LONG_AGO, make_pui
from tests.vaccines.builders import FIRST, SECOND, make_line, make_vaccine, make_wave
from tests.vaccines.corrections.acts import logged_in


@pytest.fixture
def country(db):
    """Saint-Aubin serves Les Tilleuls and La Roseraie, Blois serves Bel-Air; Lyon is elsewhere."""
    elsewhere = make_region("84", "Auvergne-Rhône-Alpes")
    lyon_site = make_establishment(
        department=make_department("69", "Rhône", region=elsewhere), name="CH de Lyon"
    )
    near = make_department("41", "Loir-et-Cher", region=make_region())
    world = SimpleNamespace(
        saint_aubin=make_pui("PUI Saint-Aubin", on=make_establishment(name="CH Saint-Aubin")),
        blois=make_pui("PUI de Blois", on=make_establishment(department=near, name="CH de Blois")),
        lyon=make_pui("PUI de Lyon", on=lyon_site),
        tilleuls=make_establishment(name="EHPAD Les Tilleuls"),
        roseraie=make_establishment(name="EHPAD La Roseraie"),
        bel_air=make_establishment(department=near, name="USLD Bel-Air"),
        lyonnais=make_establishment(legal_entity=lyon_site.legal_entity, name="EHPAD du Rhône"),
        vaccine=make_vaccine(),
    )
    world.first = make_wave(FIRST, vaccine=world.vaccine, label="Vague 1")
    world.second = make_wave(SECOND, vaccine=world.vaccine, label="Vague 2")
    served = {
        world.tilleuls: world.saint_aubin,
        world.roseraie: world.saint_aubin,
        world.bel_air: world.blois,
        world.lyonnais: world.lyon,
    }
    for place, pui in served.items():
        ServedEstablishment.objects.create(pui=pui, establishment=place, starts_on=LONG_AGO)
    world.omedit = make_person("OMD", on=make_region())
    world.agent = make_person("ARA", on=make_region())
    world.other_agent = make_person("ARA", on=elsewhere)
    world.cell = make_person("NAT", domain="dispostock")
    world.gf = make_person("GF", on=world.saint_aubin.establishment)
    return world


@pytest.fixture
def two(country):
    """The example of the guide [000]: 66 ordered, 72 vaccinated; then 72 recalls and 10 new."""
    place = {"pui": country.saint_aubin, "recipient": country.tilleuls}
    country.one = make_line(country.first, first_doses=66, second_doses=0, **place)
    country.two = make_line(
        country.second,
        first_doses=10,
        second_doses=72,
        comment="Nous avons réussi à vacciner 72 personnes.",
        recalled=country.one,
        **place,
    )
    return country


@pytest.fixture
def omedit(two):
    return logged_in(two.omedit)
