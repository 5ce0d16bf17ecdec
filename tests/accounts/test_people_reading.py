"""The accounts found are those of a plain definition, whether numbers are sent back or not."""

import pytest

from accounts.models import Habilitation, User
from accounts.people import reading
from accounts.people.reading import Search, people_found, readable_profiles, reads_everybody
from accounts.people.tables import PeopleData
from establishments.models import Establishment, LegalEntity
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
NAMES = (("Zoé", "Martin"), ("Ana", "Martin"), ("Martine", "Abel"), ("Léo", "Durand"))
SEARCHES = (
    Search(),
    Search(text="martin"),
    Search(text="ma"),
    Search(text="introuvable"),
    Search(text="martin", domain="epi_stock"),
    Search(text="martin", entity="lilas", state="tous"),
    Search(entity="lilas"),
    Search(entity="introuvable"),
    Search(entity="agence"),
    Search(entity="lilas", role="inventory_operator", state="suspended"),
)


@pytest.fixture
def site():
    """Somebody of each name, in each state, on a site, its entity, its ARS and far away."""
    site = make_establishment(name="Clinique des Lilas")
    far = make_establishment(
        name="Les Lilas d’ailleurs",
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France")),
    )
    for first_name, last_name in NAMES:
        person = make_user(first_name=first_name, last_name=last_name)
        make_person("ARL", on=site.region, user=person)
        for place, state in ((site, "active"), (site.legal_entity, "suspended"), (far, "ended")):
            profile = make_profile(person, place, state=state)
            grant(profile, "epi_stock", "inventory_operator")
        make_profile(make_user(first_name=first_name, last_name=last_name), far)
        make_user(first_name=first_name, last_name=last_name)
    return site


def plainly(reader, search):
    """Each account held against what is asked, one by one."""
    people = User.objects.search(search.text) if search.text else User.objects.all()
    if reads_everybody(reader) and not search.is_about_profiles:
        return list(people.order_by("last_name", "first_name", "pk"))
    within = readable_profiles(reader)
    return [
        person
        for person in people.order_by("last_name", "first_name", "pk")
        if any(matches(one, search) for one in within.filter(user=person))
    ]


def matches(profile, search):
    wanted = {"": ("pending", "active", "suspended"), "tous": ("ended", "active", "suspended")}
    if profile.state not in wanted.get(search.state, (search.state,)):
        return False
    if search.entity and not is_named(profile.entity, search.entity):
        return False
    rights = Habilitation.objects.filter(profile=profile, state__in=("pending", "active"))
    if search.domain:
        rights = rights.filter(domain=search.domain)
    if search.role:
        rights = rights.filter(role=search.role)
    return rights.exists() or not (search.domain or search.role)


def is_named(entity, text):
    if isinstance(entity, Establishment | LegalEntity):
        return type(entity).objects.search(text).filter(pk=entity.pk).exists()
    return text in entity.name.lower()


@pytest.mark.parametrize("most", [0, 2, 10_000])
@pytest.mark.parametrize("code", ["APE", "ARA", "NAT", "SUP"])
def test_the_accounts_found_are_those_of_the_plain_definition(monkeypatch, site, code, most):
    monkeypatch.setattr(reading, "MOST", most)
    on = {"APE": site.legal_entity, "ARA": site.region}.get(code)
    reader = make_person(code, on=on, domain="administration" if code == "NAT" else None)
    for search in SEARCHES:
        expected = plainly(reader, search)
        assert list(people_found(reader, search)) == expected, search
        assert len(PeopleData(reader, search)) == len(expected), search


def test_the_plain_definition_finds_some_and_leaves_some(site):
    reader = make_person("ARA", on=site.region)
    found = [len(plainly(reader, search)) for search in SEARCHES]
    assert found[1] == found[2] == 3 < found[0]
    assert found[6] == 4
    assert found[3] == found[7] == 0
