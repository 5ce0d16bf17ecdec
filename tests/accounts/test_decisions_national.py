"""Regional and national profiles: two different people, whoever asked or proposed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Level, Profile, Role
from accounts.services.decisions import DecisionError, decide, decide_many
from accounts.services.proposals import propose, withdraw_agreement
from accounts.services.requests import ask_profile
from journal.models import Entry
from tests.builders import grant, make_body, make_person, make_profile, make_region, make_user
from tests.rights import APE, READER

pytestmark = pytest.mark.django_db

BODIES = {
    "ars": APE,
    "omedit": (Domain.DISPOSTOCK, Role.SUPERVISOR),
    "spf": (Domain.DISTRILOG, Role.LOGISTICS),
    "la_poste": (Domain.DISTRILOG, Role.LOGISTICS),
    "consortium": (Domain.DISTRILOG, Role.SUPPLIER),
}
NATIONAL = [
    (Domain.ADMINISTRATION, Role.SUPPORT),
    (Domain.ADMINISTRATION, Role.OPERATIONS),
    (Domain.ADMINISTRATION, Role.AUDITOR),
    (Domain.EPI_STOCK, Role.READER),
    (Domain.ADMINISTRATION, Role.NATIONAL_CELL),
]


@pytest.fixture
def ars():
    return make_body("ars", region=make_region())


@pytest.fixture
def first():
    return make_person("NAT")


@pytest.fixture
def second():
    return make_person("NAT")


def body_of(kind):
    return make_body(kind, region=make_region() if kind in ("ars", "omedit") else None)


def fresh(request):
    return AccessRequest.objects.get(pk=request.pk)


@pytest.mark.parametrize(
    ("kind", "right"), [*BODIES.items(), *(("national", right) for right in NATIONAL)]
)
def test_one_person_agrees_and_another_decides(kind, right, first, second):
    request = ask_profile(make_user(), body_of(kind), [right])
    assert request.level == Level.NATIONAL

    decide(request, by=first, accepted=True)
    waiting = fresh(request)
    assert (waiting.is_open, waiting.first_by) == (True, first)
    assert waiting.profile.state == Profile.State.PENDING
    assert waiting.habilitations.get().state == "pending"
    with pytest.raises(DecisionError, match="déjà donné votre accord"):
        decide(request, by=first, accepted=True)

    decide(request, by=second, accepted=True)

    decided = fresh(request)
    assert (decided.outcome, decided.first_by, decided.decided_by) == ("accepted", first, second)
    assert decided.profile.state == Profile.State.ACTIVE
    assert Entry.objects.latest("pk").details.get("first_by", first.username) == first.username


def test_neither_the_ars_nor_other_national_roles_decide_of_an_ars_profile(ars):
    request = ask_profile(make_user(), ars, [READER])
    for code in ("ARA", "ARL", "NAL", "SUP", "TEC", "AUD", "APE"):
        with pytest.raises(DecisionError, match="ne vous permet pas de décider"):
            decide(request, by=make_person(code), accepted=True)
    assert fresh(request).first_by is None


def test_nobody_agrees_to_their_own_national_request(first):
    request = ask_profile(first, make_body("spf"), [BODIES["spf"]])
    with pytest.raises(DecisionError, match="sa propre demande"):
        decide(request, by=first, accepted=True)


def test_one_person_is_enough_to_refuse(ars, first, second):
    request = ask_profile(make_user(), ars, [READER])
    decide(request, by=first, accepted=True)

    decide(request, by=second, accepted=False, reason="Non.")

    assert fresh(request).outcome == "refused"


def test_the_second_may_reduce_what_the_first_agreed_to_and_never_add(ars, first, second):
    request = ask_profile(make_user(), ars, [READER, APE])
    decide(request, by=first, accepted=True, rights=[READER])
    with pytest.raises(DecisionError, match="deux personnes s’accordent"):
        decide(request, by=second, accepted=True, rights=[READER, APE])

    soon = timezone.localdate() + timedelta(days=9)
    decide(request, by=second, accepted=True, ends_on=soon)

    rights = {(one.role, one.state, one.ends_on) for one in request.habilitations.all()}
    assert rights == {("reader", "active", soon), ("administrator", "refused", None)}


def test_the_nearer_of_two_ends_is_kept(ars, first, second):
    near, far = (timezone.localdate() + timedelta(days=days) for days in (5, 50))
    request = ask_profile(make_user(), ars, [READER])
    decide(request, by=first, accepted=True, ends_on=near)
    decide(request, by=second, accepted=True, ends_on=far)
    assert request.habilitations.get().ends_on == near


def test_the_first_may_withdraw_and_everything_waits_as_asked(ars, first, second):
    request = ask_profile(make_user(), ars, [READER, APE])
    ends_on = timezone.localdate() + timedelta(days=9)
    decide(request, by=first, accepted=True, rights=[READER], ends_on=ends_on)
    with pytest.raises(DecisionError, match="rien n’a changé"):
        withdraw_agreement(request, by=second)

    withdraw_agreement(request, by=first)

    assert fresh(request).first_by is None
    rights = request.habilitations.values_list("state", "ends_on", "decided_by").distinct()
    assert list(rights.order_by()) == [("pending", None, None)]
    decide(request, by=second, accepted=True)
    assert fresh(request).is_open


def test_who_proposes_somebody_counts_as_the_first(ars, first, second):
    user = make_user()
    request = propose(user, ars, [READER], by=first, note="Référent EPI.")
    for wrong in (first, user):
        with pytest.raises(DecisionError):
            decide(request, by=wrong, accepted=True)
    assert not user.usable_profiles

    decide(request, by=second, accepted=True)

    user.forget_rights()
    assert [one.body for one in user.usable_profiles] == [ars]


def test_a_proposal_is_withdrawn_with_the_profile_it_prepared(ars, first):
    request = propose(make_user(), ars, [READER], by=first)

    withdraw_agreement(request, by=first)

    request = fresh(request)
    assert (request.outcome, request.profile.state) == ("cancelled", Profile.State.ENDED)
    assert request.habilitations.get().state == "revoked"
    propose(request.profile.user, ars, [READER], by=first)


def test_who_may_not_be_proposed(ars, first):
    closed = make_user(is_active=False)
    waiting = make_user()
    ask_profile(waiting, ars, [READER])
    holder = make_user()
    grant(make_profile(holder, ars), *READER)
    for user, right, words in [
        (first, READER, "ne se propose"),
        (closed, READER, "fermé"),
        (waiting, APE, "attend déjà"),
        (holder, READER, "a déjà cette habilitation"),
        (make_user(), BODIES["spf"], "n’existe pas"),
    ]:
        with pytest.raises(DecisionError, match=words):
            propose(user, ars, [right], by=first)
    with pytest.raises(DecisionError, match="Seule la cellule nationale"):
        propose(make_user(), ars, [READER], by=make_person("ARA"))


def test_many_national_requests_wait_for_a_second_person_each(ars, first, second):
    requests = [ask_profile(make_user(), ars, [READER]) for _ in range(3)]
    decide_many(requests, by=first, accepted=True)
    assert AccessRequest.objects.open().filter(first_by=first).count() == 3
    decide_many(requests, by=second, accepted=True)
    assert AccessRequest.objects.filter(outcome="accepted").count() == 3
