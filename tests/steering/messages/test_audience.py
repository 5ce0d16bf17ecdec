"""Whom a message reaches: exactly those of its roles, categories and territory."""

from itertools import product

import pytest
from django.utils import timezone

from accounts.grants import CODES
from accounts.models import Habilitation, Profile
from establishments.models import AdministrativeBody
from steering.messages.audience import addressed_to, reached_by
from steering.messages.reading import received_by
from steering.messages.roles import KEYS, RIGHTS, SITE_KEYS, label_of
from steering.models import Message
from steering.services.message_rules import reach_of
from tests.builders import (
    grant,
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_user,
)
from tests.rights import APE, DEPUTY, FILES
from tests.steering.messages.conftest import sent

pytestmark = pytest.mark.django_db
Kind = AdministrativeBody.Kind
TERRITORIES = {
    "country": {"is_countrywide": True},
    "one region": {"region_codes": ["24"]},
    "the other": {"region_codes": ["53"]},
    "a department": {"department_codes": ["45"]},
    "two": {"region_codes": ["53"], "department_codes": ["18"]},
}
NATIONAL = {"NAT", "NAL", "SPF", "LPO", "CSM", "SUP", "TEC", "AUD"}
OF_REGION = {"ARA", "ARL", "OMD"}


def people(centre, brittany):
    """Somebody of each role at each place where the role exists: (key, department, region)."""
    found = {}
    places = {"45": centre, "18": centre, "35": brittany}
    for key, rights in RIGHTS.items():
        domain, _, _ = rights[0]
        code = key.partition(".")[0]
        if code in NATIONAL:
            found[make_person(code, domain=domain)] = (key, None, None)
        elif code in OF_REGION:
            for region in (centre, brittany):
                person = make_person(code, on=region, domain=domain)
                found[person] = (key, None, region.pk)
        else:
            for number, region in places.items():
                department = make_department(number)
                on = department if code == "DEP" else make_establishment(department=department)
                found[make_person(code, on=on)] = (key, number, region.pk)
    return found


def is_inside(territory, department, region):
    if territory.get("is_countrywide") or region is None:
        return True
    if region in territory.get("region_codes", ()):
        return True
    chosen = territory.get("department_codes", ())
    regional = {"45": "24", "18": "24", "35": "53"}
    if department is None:
        return region in {regional[one] for one in chosen}
    return department in chosen


def test_a_message_reaches_its_roles_in_its_territory_and_nobody_else(cell, centre, brittany):
    """Every role crossed with every territory, read both ways."""
    everybody = people(centre, brittany)
    sender = cell.active_profile.body
    for key, (_, territory) in product(sorted(KEYS), TERRITORIES.items()):
        fields = {"is_countrywide": False, **territory}
        message = Message(sender=sender, roles=[key], **fields)
        expected = {
            person
            for person, (held, department, region) in everybody.items()
            if held == key and is_inside(territory, department, region)
        }
        found = {one.user for one in reached_by(message).exclude(user=cell).select_related("user")}
        assert found == expected, (key, territory)


def test_what_a_person_reads_is_what_reaches_them(cell, centre, brittany):
    """The question asked from the message, and from the profile, has one answer."""
    everybody = people(centre, brittany)
    ehpad, hospital = make_category("500", "EHPAD"), make_category()
    entity = make_legal_entity(make_department("18"))
    make_establishment(legal_entity=entity, category=ehpad)
    everybody[make_person("GF", on=entity)] = ("GF", "18", "24")
    for roles, categories, territory in product(
        (["GF"], ["APE", "ARA"], ["DEP", "NAT.dispostock", "SPF.distrilog"], []),
        ([], [ehpad.pk], [hospital.pk, ehpad.pk]),
        TERRITORIES.values(),
    ):
        if not (roles or categories):
            continue
        message = (
            sent(
                cell,
                **{"is_countrywide": False, **territory},
                roles=[*roles, *(["NAL.administration"] if roles else [])],
                category_codes=categories,
            )
            if reached(cell, roles, categories, territory)
            else None
        )
        if message is None:
            continue
        told = set(reached_by(message).values_list("user", flat=True))
        for person in everybody:
            person.forget_rights()
            reads = Message.objects.filter(addressed_to(person.usable_profiles), pk=message.pk)
            assert reads.exists() == (person.pk in told), (roles, categories, territory, person)


def reached(cell, roles, categories, territory):
    fields = {"is_countrywide": False, **territory}
    sender = cell.active_profile.body
    return reached_by(Message(sender=sender, roles=roles, category_codes=categories, **fields))


def test_every_role_of_the_matrix_may_be_written_to():
    assert {key.partition(".")[0] for key in KEYS} == set(CODES)
    assert len({label_of(key) for key in KEYS}) == len(KEYS)


def test_a_delegated_administrator_reads_what_administrators_read(cell, hospital):
    deputy = make_user()
    grant(make_profile(deputy, hospital), *DEPUTY)
    message = sent(cell, roles=["APE"])
    assert [one.user for one in reached_by(message)] == [deputy]


def test_categories_alone_reach_all_the_roles_of_establishments(cell, centre):
    ehpad = make_establishment(category=make_category("500", "EHPAD"))
    inside = {make_person(key, on=ehpad) for key in SITE_KEYS}
    make_person("GF", on=make_establishment())
    make_person("ARA", on=centre)
    message = sent(cell, roles=[], category_codes=["500"])
    assert {one.user for one in reached_by(message)} == inside


def test_an_entity_is_of_the_categories_of_its_open_sites(cell):
    entity = make_legal_entity()
    person = make_person("GF", on=entity)
    make_establishment(
        legal_entity=entity, category=make_category("500", "EHPAD"), closed_on="2020-01-01"
    )
    make_establishment(legal_entity=entity)
    message = Message(sender=cell.active_profile.body, roles=["GF"], category_codes=["500"])
    assert not reached_by(message).exists()
    message.category_codes = ["355"]
    assert [one.user for one in reached_by(message)] == [person]


@pytest.mark.parametrize("state", [Profile.State.SUSPENDED, Profile.State.ENDED])
def test_who_left_reads_no_more_and_who_arrives_reads_what_is_in_force(cell, hospital, state):
    leaving, staying = make_person("GF", on=hospital), make_person("GF", on=hospital)
    message = sent(cell)
    leaving.profiles.update(state=state)
    arriving = make_person("GF")
    arriving.forget_rights()
    assert {one.user for one in reached_by(message)} == {staying, arriving}
    assert list(received_by(arriving)) == [message]


def test_a_right_that_ended_or_has_not_begun_reaches_nobody(cell, hospital):
    today = timezone.localdate()
    person = make_user()
    right = grant(make_profile(person, hospital), *FILES, ends_on=today)
    message = sent(cell)
    assert reached_by(message).exists()
    Habilitation.objects.filter(pk=right.pk).update(ends_on=today - timezone.timedelta(days=1))
    assert not reached_by(message).exists()


def test_a_person_of_two_places_counts_once(cell, centre):
    person = make_person("GF", on=make_establishment())
    make_person("GF", on=make_establishment(), user=person)
    grant(person.profiles.first(), *APE)
    message = sent(cell, roles=["GF", "APE", "ARA", "NAT.administration"])
    reach = reach_of(message)
    assert (reach.people, reach.sites, reach.bodies) == (2, 2, 1)
    assert (message.people, message.places) == (2, 3)


def test_a_closed_account_is_not_written_to(cell, hospital):
    person, other = make_person("GF", on=hospital), make_person("GF", on=hospital)
    message = sent(cell)
    person.is_active = False
    person.save()
    assert [one.user for one in reached_by(message)] == [other]


def test_the_council_of_a_department_is_of_its_region(cell, centre):
    council = make_body(Kind.DEPARTMENT_COUNCIL, department=make_department("45"))
    person = make_person("DEP", on=make_department("45"))
    message = sent(cell, roles=["DEP"], is_countrywide=False, region_codes=["24"])
    assert [one.user for one in reached_by(message)] == [person]
    assert list(received_by(person)) == [message]
    assert council.region_id is None
