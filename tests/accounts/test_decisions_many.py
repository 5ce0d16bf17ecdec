"""Many requests in one transaction, and two people who decide of one at the same time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRequest, Profile
from accounts.services.decisions import (
    DecidedMeanwhileError,
    DecisionError,
    decide,
    decide_many,
)
from accounts.services.errors import AccountError
from accounts.services.requests import ask_profile
from journal.models import Entry
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.locks import before_another
from tests.rights import DEPUTY, INVENTORY


@pytest.fixture
def entity(db):
    return make_legal_entity()


def ask_many(count, on, *rights):
    return [ask_profile(make_user(), on, rights or [INVENTORY]) for _ in range(count)]


def statements(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_many_are_accepted_each_with_its_entry(entity, ape):
    requests = ask_many(3, make_establishment(entity))

    decided = decide_many(requests, by=ape, accepted=True)

    assert decided == requests
    assert {one.profile.state for one in decided} == {Profile.State.ACTIVE}
    assert Profile.objects.usable().filter(requests__in=requests).count() == 3
    assert Entry.objects.filter(verb="account.request_accepted", by=ape).count() == 3


def test_two_hundred_take_as_many_statements_as_two(entity, ape):
    two, many = ask_many(2, entity), ask_many(200, entity)

    few = statements(lambda: decide_many(two, by=ape, accepted=True))
    more = statements(lambda: decide_many(many, by=ape, accepted=True))

    assert more <= few <= 12
    assert AccessRequest.objects.filter(outcome="accepted").count() == 202


def test_many_are_refused_with_one_reason_that_each_receives(entity, ape):
    requests = ask_many(3, entity)
    with pytest.raises(DecisionError, match="Indiquez le motif"):
        decide_many(requests, by=ape, accepted=False)

    decide_many(requests, by=ape, accepted=False, reason="Service fermé.")

    found = AccessRequest.objects.values_list("outcome", "reason", "profile__reason").distinct()
    assert list(found.order_by()) == [("refused", "Service fermé.", "Service fermé.")]


def test_those_closed_meanwhile_are_left_as_they_are(entity, ape):
    first, second = ask_many(2, entity)
    decide(first, by=ape, accepted=False, reason="Non.")

    assert decide_many([first, second], by=ape, accepted=True) == [second]

    first.refresh_from_db()
    assert first.outcome == "refused"


@pytest.mark.parametrize("wrong", ["elsewhere", "own", "delegation", "too many"])
def test_one_that_cannot_be_decided_stops_all(entity, ape, wrong):
    good = ask_many(1, entity)
    bad = {
        "elsewhere": lambda: ask_many(1, make_legal_entity()),
        "own": lambda: [ask_profile(ape, make_establishment(entity), [INVENTORY])],
        "delegation": lambda: ask_many(1, entity, DEPUTY),
        "too many": lambda: good * 200,
    }[wrong]()

    with pytest.raises(AccountError):
        decide_many(good + bad, by=ape, accepted=True)

    assert AccessRequest.objects.open().count() == AccessRequest.objects.count()
    assert not Profile.objects.filter(state="active", requests__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_time_the_second_is_told():
    entity = make_legal_entity()
    first, second = make_person("APE", on=entity), make_person("APE", on=entity)
    (request,) = ask_many(1, entity)

    def refuse():
        decide(request, by=second, accepted=False, reason="Non.")

    with before_another(refuse, refused=DecidedMeanwhileError) as told:
        decide(request, by=first, accepted=True)

    assert len(told) == 1
    assert AccessRequest.objects.get().outcome == "accepted"
