"""Who is told of requests that wait, when, and how often: digests, reminders, the ARS at last."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.audience import deciders_of_requests
from accounts.deciders import deciders_of
from accounts.models import AccessRequest, Level
from accounts.notices import rounds
from accounts.services.decisions import decide
from accounts.services.requests import ask_habilitations, ask_profile
from accounts.tasks import make_rounds
from common.locks import Lock
from establishments.models import AdministrativeBody
from journal.models import Entry
from tests.accounts.mailing import deliver
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.locks import held_by_another
from tests.rights import APE, FILES

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def administrator(site):
    return make_person("APE", on=site)


@pytest.fixture
def ars(site):
    """The administrator of the region."""
    return make_person("ARA", on=site.region)


def ask(site, count=1, rights=(FILES,)):
    return [ask_profile(make_user(), site, rights) for _ in range(count)][-1]


def mails_to_deciders():
    """What a round sends, less what the authors of requests are told."""
    make_rounds(0)
    return [one for one in deliver() if "est enregistrée" not in one.subject]


def sent():
    return [(one.to[0], one.subject.removeprefix("[Stocks Santé] ")) for one in mails_to_deciders()]


def test_one_request_is_told_within_a_minute_with_its_own_page(site, administrator, clock):
    request = ask(site)
    clock.shift(MINUTE)
    (message,) = mails_to_deciders()
    assert message.to == [administrator.email]
    assert message.subject.endswith("Une demande attend votre décision")
    assert f"/plage/demandes/{request.pk}/" in message.body


def test_many_requests_come_in_one_mail(site, administrator, clock):
    ask(site, 23)
    clock.shift(MINUTE)
    (message,) = mails_to_deciders()
    assert message.subject.endswith("23 demandes attendent votre décision")
    assert message.body.count("\n- ") == 20
    assert "3 autres" in message.body


def test_nobody_is_told_more_than_once_an_hour(site, administrator, clock):
    ask(site)
    clock.shift(MINUTE)
    assert len(mails_to_deciders()) == 1
    ask(site)
    for _ in range(5):
        clock.shift(10 * MINUTE)
        assert mails_to_deciders() == []
    clock.shift(10 * MINUTE)
    assert sent() == [(administrator.email, "2 demandes attendent votre décision")]


def test_without_anything_new_nothing_is_sent(site, administrator, clock):
    ask(site)
    clock.shift(MINUTE)
    assert len(mails_to_deciders()) == 1
    clock.shift(2 * HOUR)
    assert mails_to_deciders() == []


def test_a_request_decided_meanwhile_is_not_told(site, administrator, clock):
    decide(ask(site), by=administrator, accepted=True)
    clock.shift(MINUTE)
    assert not [one for one in mails_to_deciders() if one.to == [administrator.email]]


def test_a_round_made_twice_before_the_mails_leave_sends_one(site, administrator, clock):
    ask(site)
    clock.shift(MINUTE)
    make_rounds(0)
    assert len(sent()) == 1
    assert sent() == []


def test_where_nobody_administers_the_ars_is_told_at_once(site, ars, clock):
    ask(site)
    clock.shift(MINUTE)
    assert sent() == [(ars.email, "Une demande attend votre décision")]


def test_to_become_an_administrator_is_asked_of_the_ars(site, administrator, ars, clock):
    ask(site, rights=[APE])
    clock.shift(MINUTE)
    assert [to for to, _ in sent()] == [ars.email]


def test_where_nobody_decides_at_all_the_mailbox_of_the_ars_is_told_once_an_hour(site, clock):
    body = make_body(AdministrativeBody.Kind.ARS, region=site.region)
    AdministrativeBody.objects.filter(pk=body.pk).update(mailbox="ars@sante.example")
    first = ask(site)
    clock.shift(MINUTE)
    assert sent() == [("ars@sante.example", "Une demande d’accès attend votre ARS")]
    first.refresh_from_db()
    assert first.escalated_at
    ask(site)
    clock.shift(MINUTE)
    assert sent() == []
    clock.shift(HOUR)
    assert sent() == [("ars@sante.example", "2 demandes d’accès attendent votre ARS")]


def test_those_who_decide_are_reminded_at_eight_after_three_days_then_seven(
    site, administrator, ars, clock
):
    request = ask(site)
    told = []
    for _ in range(10 * 12):
        clock.shift(2 * HOUR)
        told += [(datetime.now(UTC) - MONDAY, to, what) for to, what in sent()]
    reminder = "Une demande attend depuis plus de trois jours"
    assert told == [
        (2 * HOUR, administrator.email, "Une demande attend votre décision"),
        (3 * DAY + 22 * HOUR, administrator.email, reminder),
        (7 * DAY + 22 * HOUR, administrator.email, reminder),
        (7 * DAY + 22 * HOUR, ars.email, "Une demande est restée sans réponse sept jours"),
    ]
    request.refresh_from_db()
    assert request.reminders == 2
    assert request.escalated_at == MONDAY + 7 * DAY + 22 * HOUR
    assert Entry.objects.filter(verb="account.request_escalated").count() == 1


def test_a_worker_that_was_stopped_for_ten_days_reminds_once_and_goes_up(
    site, administrator, ars, clock
):
    request = ask(site)
    clock.shift(10 * DAY)
    assert sent() == [
        (administrator.email, "Une demande attend votre décision"),
        (ars.email, "Une demande est restée sans réponse sept jours"),
    ]
    clock.shift(MINUTE)
    assert sent() == []
    request.refresh_from_db()
    assert request.reminders == 1


def test_the_reminders_of_a_day_come_in_one_mail(site, administrator, clock):
    for _ in range(5):
        ask(site)
        clock.shift(MINUTE)
    mails_to_deciders()
    clock.shift(4 * DAY)
    assert sent() == [(administrator.email, "5 demandes attendent depuis plus de trois jours")]


def test_what_goes_up_where_the_ars_has_nobody_goes_to_its_mailbox(site, administrator, clock):
    body = make_body(AdministrativeBody.Kind.ARS, region=site.region)
    AdministrativeBody.objects.filter(pk=body.pk).update(mailbox="ars@sante.example")
    ask(site)
    clock.shift(8 * DAY)
    assert "ars@sante.example" in [to for to, _ in sent()]
    clock.shift(8 * DAY)
    assert sent() == []


def test_a_request_to_the_ars_is_reminded_of_but_goes_up_to_nobody(site, ars, clock):
    request = ask(site, rights=[APE])
    clock.shift(8 * DAY)
    mails_to_deciders()
    request.refresh_from_db()
    assert (request.reminders, request.escalated_at) == (1, None)


def test_once_up_a_request_waits_for_the_ars_too(site, administrator, ars, clock):
    request = ask(site)
    found = AccessRequest.objects.filter(pk=request.pk)
    assert deciders_of_requests(found) == {request.pk: {administrator.pk}}
    clock.shift(8 * DAY)
    make_rounds(0)
    assert deciders_of_requests(found) == {request.pk: {administrator.pk, ars.pk}}


def test_two_workers_at_once_make_one_round(site, administrator, ars, clock):
    request = ask(site)
    clock.shift(8 * DAY)
    with held_by_another(Lock.REQUEST_NOTICES):
        rounds.remind_deciders()
        request.refresh_from_db()
        assert request.reminders == 0
    rounds.remind_deciders()
    request.refresh_from_db()
    assert request.reminders == 1


def test_the_people_of_the_mails_are_those_that_the_pages_name(ars):
    """One rule, two ways to ask: by entity for a page, by numbers for the mails."""
    entity = make_legal_entity()
    sites = [make_establishment(entity), make_establishment(entity), make_establishment()]
    elsewhere = make_establishment(
        department=make_department("76", "Seine-Maritime", make_region("28", "Normandie"))
    )
    make_person("APE", on=entity)
    make_person("APE", on=sites[0])
    make_person("APE", on=elsewhere)
    make_person("NAT")
    for place in (entity, *sites, elsewhere):
        for rights in ([FILES], [APE]):
            request = ask_profile(make_user(), place, rights)
            user = request.profile.user
            named = deciders_of(place, Level(request.level), but=user).people
            found = deciders_of_requests(AccessRequest.objects.filter(pk=request.pk))
            assert found[request.pk] == {one.pk for one in named}


def test_nobody_is_told_of_their_own_request(site, ars, clock):
    administrator = make_person("APE", on=site)
    profile = administrator.profiles.get()
    ask_habilitations(profile, [FILES], by=administrator)
    clock.shift(MINUTE)
    assert [to for to, _ in sent()] == [ars.email]


def test_a_round_takes_as_many_queries_for_thirty_requests_as_for_two(
    django_assert_max_num_queries, clock
):
    for _ in range(2):
        ask(make_establishment())
    clock.shift(MINUTE)
    with django_assert_max_num_queries(16):
        make_rounds(0)
    for _ in range(30):
        make_profile(make_user(), make_establishment())
        ask(make_establishment())
    clock.shift(MINUTE)
    with django_assert_max_num_queries(16):
        make_rounds(0)
