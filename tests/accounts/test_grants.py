"""The rights in the code are those of the reference matrix, cell by cell."""

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.grants import CODES, CODES_IN, GRANTS, SEVERAL_DOMAINS
from establishments.perimeter import Action, Perimeter
from tests.builders import make_establishment, make_legal_entity, make_person, make_region

MATRIX = Path(__file__).parent.parent / "data" / "access_matrix.csv"


def reference():
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_every_action_of_the_matrix_is_known_and_no_other():
    assert set(reference()) == {action.value for action in Action} == {str(a) for a in GRANTS}


@pytest.mark.parametrize("code", [*CODES, "USR", "ANO"])
def test_the_cells_of_a_role_are_those_of_the_matrix(code):
    expected = {row["id"]: row[code].replace("-", "") for row in reference().values()}
    assert {a.value: cells.letters.get(code, "") for a, cells in GRANTS.items()} == expected


def test_an_action_of_a_domain_ignores_the_habilitations_of_another():
    for action, row in reference().items():
        domain = GRANTS[Action(action)].domain
        assert (domain or "any") == row["domain"]
        if domain:
            other = "distrilog" if domain != "distrilog" else "dispostock"
            codes = {code for code in SEVERAL_DOMAINS if (domain, code) in CODES_IN}
            assert {GRANTS[Action(action)].letter(code, other) for code in codes} <= {""}


@pytest.mark.django_db
@pytest.mark.parametrize("domain", ["distrilog", "dispostock"])
def test_a_role_without_habilitation_in_the_domain_of_an_action_has_it_through_its_own(domain):
    """No habilitation of administration is for the agents of SPF, who make tokens [matrix]."""
    person = make_person("SPF", domain=domain)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("plage:tokens")).status_code == 200


@pytest.mark.django_db
def test_the_inventory_reaches_every_site_of_the_entity_from_one_of_them():
    entity = make_legal_entity()
    site = make_establishment(entity)
    person = make_person("OIE", on=site)
    assert person.perimeter_to(Action.EPI_WRITE) == Perimeter(
        legal_entity_ids=frozenset({entity.pk})
    )


@pytest.mark.django_db
def test_the_inventory_adds_up_all_the_profiles_and_nothing_else_does():
    first, second = make_establishment(), make_establishment()
    person = make_person("OIE", on=first)
    make_person("OIE", on=second, user=person)
    make_person("APE", on=second, user=person)
    person.chosen_profile_id = person.usable_profiles[0].pk
    assert len(person.perimeter_to(Action.EPI_WRITE).legal_entity_ids) == 2
    assert person.perimeter_to(Action.ACC_INVITE) == Perimeter()


@pytest.mark.django_db
def test_an_ars_reaches_its_region():
    person = make_person("ARA", on=make_region())
    assert person.perimeter_to(Action.DASH_EPI) == Perimeter(region_codes=frozenset({"24"}))
    assert person.perimeter_to(Action.EPI_WRITE) == Perimeter()
