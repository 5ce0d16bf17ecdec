"""Many requests decided together end as if decided one by one, in as many statements as a few."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessRequest, Habilitation, Level, Profile
from accounts.services.automatic import grant_automatic, grant_automatic_to_each
from accounts.services.decisions import decide, decide_many
from accounts.services.requests import ask_habilitations, ask_profile
from establishments.models import BeneficiaryCategory
from journal.models import Entry
from tests.accounts.mailing import waiting
from tests.builders import (
    grant,
    make_category,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, FILES, INVENTORY, ORDERS

pytestmark = pytest.mark.django_db

RIGHT = ("domain", "role", "state", "reason", "is_automatic", "starts_on", "ends_on", "decided_by")
HISTORIES = ("ProfileEvent", "HabilitationEvent", "AccessRequestEvent")


@pytest.fixture
def ars():
    return make_person("ARA", on=make_region())


@pytest.fixture
def served():
    """The category of beneficiaries."""
    category = make_category()
    BeneficiaryCategory.objects.create(category=category, starts_on=date(2020, 3, 1))
    return category


@pytest.fixture
def places(served):
    """One of each kind that a rule tells apart."""
    fire_service = make_establishment(name="PUI du SDIS", category=served, ape_code="8425Z")
    fire_entity = make_legal_entity(name="Service d’incendie et de secours (fictif)")
    administered = make_establishment(name="SDIS administré", category=served)
    make_person("APE", on=administered.legal_entity)
    plain = make_establishment(category=make_category("246", "E.S.A.T."))
    site = make_establishment(category=served)
    return [fire_service, fire_entity, administered, plain, site, site.legal_entity]


def ask_everywhere(places):
    """At each place, two of each: the second pharmacist of a fire service is no APE."""
    rights = [[INVENTORY], [FILES], [APE], [FILES, ORDERS], [FILES]]
    asked = [ask_profile(make_user(), place, some) for place in places for some in rights]
    alone = make_establishment(name="SDIS du Val", category=places[0].category)
    asked += [ask_profile(make_user(), alone, [FILES]) for _ in range(2)]
    leaver = make_user()
    grant(make_profile(leaver, places[-1], state="ended"), *ORDERS, state="revoked")
    Habilitation.objects.filter(profile__user=leaver).update(decided_by=leaver)
    active = make_profile(make_user(), places[0])
    grant(active, *ORDERS, ends_on=date(2021, 1, 1))
    asked.append(ask_profile(leaver, places[-1], [APE]))
    asked.append(ask_habilitations(active, [APE], by=active.user))
    return asked


def state_of_all():
    """All that a decision writes, whatever the order of the rows."""
    return {
        "profiles": list(Profile.objects.order_by("pk").values_list("pk", "state", "decided_by")),
        "requests": list(
            AccessRequest.objects.order_by("pk").values_list("pk", "outcome", "decided_by")
        ),
        "rights": sorted(map(str, Habilitation.objects.values_list("profile", *RIGHT))),
        "journal": sorted(
            map(str, Entry.objects.values_list("verb", "by", "target", "finess", "details"))
        ),
        "mails": sorted(map(told, waiting())),
        "history": [apps.get_model("accounts", name).objects.count() for name in HISTORIES],
    }


def told(job):
    """Which mail, about what: habilitations given another time do not have the same numbers."""
    person, notice, number = job
    if notice == "habilitation_granted":
        number = Habilitation.objects.get(pk=number).profile_id
    return f"{notice} {number} {person}"


def undone(act):
    """What an act leaves, then nothing of it."""
    with transaction.atomic():
        act()
        left = state_of_all()
        transaction.set_rollback(True)
    return left


def statements(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


@pytest.mark.parametrize("answer", [{"accepted": True}, {"accepted": False, "reason": "Non."}])
def test_together_they_end_as_one_by_one_those_of_apes_first(ars, places, answer):
    """An APE named in the same act administers a fire service: its pharmacist does not besides."""
    asked = ask_everywhere(places)

    def one_by_one():
        for request in sorted(asked, key=lambda one: one.level != Level.ARS):
            decide(request, by=ars, **answer)

    apart = undone(one_by_one)
    together = undone(lambda: decide_many(asked, by=ars, **answer))

    assert together == apart
    assert {outcome for _, outcome, _ in apart["requests"]} == {
        "accepted" if answer["accepted"] else "refused"
    }
    automatic = [one for one in apart["rights"] if "Accordée d’office" in one]
    assert bool(automatic) is answer["accepted"]


def test_the_requests_of_future_apes_take_as_many_statements_for_25_as_for_5(ars, served):
    def ask_many(count):
        sites = [make_establishment(category=served) for _ in range(count)]
        return [
            ask_profile(make_user(), place, [APE, FILES])
            for site in sites
            for place in (site, site.legal_entity)
        ]

    few, many = ask_many(5), ask_many(25)
    less = statements(lambda: decide_many(few, by=ars, accepted=True))
    more = statements(lambda: decide_many(many, by=ars, accepted=True))

    assert more <= less <= 20
    assert Habilitation.objects.filter(is_automatic=True, role=ORDERS[1]).count() == 60


def test_the_rules_give_to_many_what_they_give_to_each(ars, served):
    category = make_category("698", "Autre Etablissement Loi Hospitalière")
    fire_service = make_establishment(category=category, ape_code="8425Z")
    profiles = [
        make_profile(make_user(), fire_service),
        make_profile(make_user(), fire_service),
        make_profile(make_user(), fire_service.legal_entity),
        make_profile(make_user(), make_establishment(category=served)),
    ]
    for profile, right in zip(profiles, [FILES, FILES, FILES, APE], strict=True):
        grant(profile, *right)

    def each():
        for profile in profiles:
            grant_automatic(profile, by=ars)

    apart = undone(each)
    assert undone(lambda: grant_automatic_to_each(profiles, by=ars)) == apart

    given = grant_automatic_to_each(profiles, by=ars)
    # the entity is no place of its site: its own pharmacist administers it too
    assert [one.profile for one in given] == [profiles[0], profiles[2], profiles[3]]
    assert grant_automatic_to_each(profiles, by=ars) == []
    assert grant_automatic_to_each([], by=ars) == []
