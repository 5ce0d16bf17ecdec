"""What is open for one person, read in two statements: as each rule tells it of one request."""

import pytest

from accounts.decisions.inbox import inbox_of, requests_in_reach, requests_to_decide
from accounts.models import AccessRequest
from accounts.services.decisions import decide
from accounts.services.requests import ask_habilitations, ask_profile
from tests.builders import (
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
    make_user,
)
from tests.rights import APE, INVENTORY, READER

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return make_legal_entity()


@pytest.fixture
def people(entity):
    """Who decides somewhere, each with their own request besides, and who does not."""
    ars = make_body("ars", region=make_region())
    people = [
        make_person("APE", on=entity),
        make_person("APE", on=make_establishment(entity)),
        make_person("ARA", on=ars.region),
        make_person("NAT"),
        make_person("NAT"),
        make_person("OIE", on=entity),
    ]
    places = [entity, make_establishment(entity), make_establishment(), ars]
    for place in places:
        rights = [READER] if place == ars else [INVENTORY]
        ask_profile(make_user(), place, rights)
    ask_profile(make_user(), make_establishment(entity), [APE])
    ask_habilitations(people[0].profiles.get(), [INVENTORY], by=people[0])
    agreed = ask_profile(make_user(), ars, [READER])
    decide(agreed, by=people[3], accepted=True)
    closed = ask_profile(make_user(), entity, [INVENTORY])
    decide(closed, by=people[0], accepted=False, reason="Non.")
    return people


def numbers(requests):
    return set(requests.values_list("pk", flat=True))


def test_it_holds_what_is_open_in_reach_once_and_what_each_may_decide(people):
    for person in people:
        inbox = inbox_of(person)
        assert inbox.decidable == numbers(requests_to_decide(person))
        assert {*inbox.waiting, *inbox.followed} == numbers(requests_in_reach(person).open())
        assert len(inbox.waiting) + len(inbox.followed) == len(inbox.places)
        assert set(inbox.waiting) <= inbox.decidable
    assert not inbox.waiting  # an operator decides of nothing
    assert inbox.since is None


def test_the_oldest_comes_first(people):
    inbox = inbox_of(people[0])
    in_order = AccessRequest.objects.filter(pk__in=inbox.waiting).order_by("asked_at", "pk")
    assert inbox.waiting == list(in_order.values_list("pk", flat=True))
    assert inbox.since == in_order.first().asked_at


def test_the_country_is_read_in_as_many_statements_as_one_region(people, django_assert_num_queries):
    _, _, ara, nat, *_ = people
    for person, count in ((ara, 2), (nat, 1)):
        assert person.usable_profiles
        with django_assert_num_queries(count):
            inbox_of(person)
