"""What a person may ask for on their own profiles, who is told, and what ends with what."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import AccessRequest, Domain, Habilitation, Level, Profile, Role
from accounts.notices import Notice
from accounts.notices.letters.requests import SETTLED
from accounts.notices.rounds import tell_deciders
from accounts.services.account import close_account
from accounts.services.contact import change_contact
from accounts.services.errors import AccountError
from accounts.services.profiles import end_profile, suspend_profile
from accounts.services.requests import (
    ask_habilitations,
    ask_profile,
    cancel_request,
    leave,
    remind,
    transfer,
)
from common.weeks import PARIS
from journal.models import Entry
from tests.builders import (
    grant,
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, FILES, INVENTORY

pytestmark = pytest.mark.django_db
State = Profile.State


@pytest.fixture
def user():
    return make_user()


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def mails():
    """The mails that wait in the queue: what about, which row, to whom."""
    jobs = ProcrastinateJob.objects.order_by("pk").values_list("args", flat=True)
    return [(args["notice"], args["number"], args["about"]) for args in jobs]


def test_a_request_waits_with_its_habilitations_and_opens_nothing(site, user):
    request = ask_profile(user, site, [FILES, INVENTORY], note="Nouvelle au magasin")
    profile = request.profile
    assert (profile.state, profile.establishment) == (State.PENDING, site)
    assert request.is_open
    assert {right.state for right in profile.habilitations.all()} == {Habilitation.State.PENDING}
    assert set(request.habilitations.values_list("domain", "role")) == {FILES, INVENTORY}
    assert user.usable_profiles == []
    entry = Entry.objects.get()
    assert (entry.verb, entry.by, entry.finess) == (
        "account.profile_requested",
        user,
        site.finess,
    )
    assert entry.details["note"] == "Nouvelle au magasin"


def told_after(request):
    """Who the round of the next minute writes to."""
    AccessRequest.objects.filter(pk=request.pk).update(asked_at=timezone.now() - SETTLED)
    before = len(mails())
    tell_deciders()
    assert {notice for notice, _, _ in mails()[before:]} <= {Notice.REQUESTS_WAITING}
    return {person for _, person, _ in mails()[before:]}


def test_the_person_is_told_at_once_and_each_administrator_of_the_entity_by_the_round(site, user):
    on_site = make_person("APE", on=site)
    of_entity = make_person("APE", on=site.legal_entity)
    make_person("APE")
    request = ask_profile(user, site, [FILES])
    assert mails() == [(Notice.REQUEST_RECEIVED, request.pk, None)]
    assert told_after(request) == {on_site.pk, of_entity.pk}


def test_an_entity_without_administrator_is_left_to_its_ars(site, user):
    ars = make_person("ARA", on=make_region())
    request = ask_profile(user, site, [FILES])
    assert request.level == Level.ENTITY
    assert told_after(request) == {ars.pk}


def test_a_request_to_be_ape_goes_to_the_ars_whole(site, user):
    make_person("APE", on=site)
    ars = make_person("ARA", on=make_region())
    request = ask_profile(user, site, [FILES, APE])
    assert request.level == Level.ARS
    assert told_after(request) == {ars.pk}


def test_a_profile_in_an_administration_is_decided_by_the_country(user):
    national = make_person("NAT", domain=Domain.ADMINISTRATION)
    ars = make_body("ars", region=make_region())
    request = ask_profile(user, ars, [(Domain.EPI_STOCK, Role.READER)])
    assert request.level == Level.NATIONAL
    assert told_after(request) == {national.pk}


def test_what_cannot_be_asked_is_said_and_leaves_nothing(site, user):
    closed = make_establishment(closed_on=timezone.localdate())
    for entity, rights, words in [
        (site, [], "au moins une habilitation"),
        (site, [(Domain.EPI_STOCK, Role.READER)], "n’existe pas"),
        (closed, [FILES], "est fermé depuis"),
    ]:
        with pytest.raises(AccountError, match=words):
            ask_profile(user, entity, rights)
    with pytest.raises(AccountError, match="adresse"):
        ask_profile(user, site, [FILES], email="pas une adresse")
    assert (Profile.objects.count(), verbs(), mails()) == (0, [], [])


def test_asked_twice_it_is_one_request(site, user):
    ask_profile(user, site, [FILES])
    with pytest.raises(AccountError, match="déjà demandé un profil sur Hôpital de la Rive"):
        ask_profile(user, site, [INVENTORY])
    assert AccessRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "words"), [(State.ACTIVE, "déjà un profil actif"), (State.SUSPENDED, "suspendu")]
)
def test_a_living_profile_is_not_asked_again(site, user, state, words):
    make_profile(user, site, state)
    with pytest.raises(AccountError, match=words):
        ask_profile(user, site, [FILES])


@pytest.mark.parametrize("state", [State.REFUSED, State.ENDED])
def test_a_refused_or_ended_profile_may_be_asked_again_as_a_new_one(site, user, state):
    former = make_profile(user, site, state)
    request = ask_profile(user, site, [FILES])
    assert request.profile != former
    former.refresh_from_db()
    assert former.state == state


def test_more_habilitations_are_asked_on_an_active_profile(site, user):
    profile = make_profile(user, site)
    grant(profile, *INVENTORY)
    request = ask_habilitations(profile, [FILES], by=user, note="Je remplace M. Roy")
    profile.refresh_from_db()
    assert (profile.state, request.is_open) == (State.ACTIVE, True)
    assert [right.role for right in user.active_profile.rights] == [Role.INVENTORY_OPERATOR]
    assert verbs() == ["account.habilitation_requested"]
    with pytest.raises(AccountError, match="attend encore"):
        ask_habilitations(profile, [APE], by=user)


def test_a_habilitation_already_there_is_not_asked_again_unless_its_last_day_has_passed(site, user):
    profile = make_profile(user, site)
    right = grant(profile, *FILES)
    with pytest.raises(AccountError, match="Gestionnaire de fichiers"):
        ask_habilitations(profile, [FILES], by=user)
    right.ends_on = timezone.localdate() - timedelta(days=1)
    right.save()
    assert ask_habilitations(profile, [FILES], by=user).is_open


@pytest.mark.parametrize("state", [State.PENDING, State.SUSPENDED, State.ENDED])
def test_habilitations_are_asked_on_an_active_profile_only(site, user, state):
    with pytest.raises(AccountError, match="sur un profil actif"):
        ask_habilitations(make_profile(user, site, state), [FILES], by=user)


def test_what_one_asked_is_taken_back_with_the_profile_that_was_only_asked(site, user):
    request = ask_profile(user, site, [FILES])
    cancel_request(request, by=user)
    request.refresh_from_db()
    request.profile.refresh_from_db()
    assert request.outcome == AccessRequest.Outcome.CANCELLED
    assert request.profile.state == State.ENDED
    assert request.habilitations.get().state == Habilitation.State.REVOKED
    with pytest.raises(AccountError, match="a été annulée le"):
        cancel_request(request, by=user)
    assert ask_profile(user, site, [FILES]).is_open


def test_taking_back_a_request_leaves_an_active_profile_as_it_was(site, user):
    profile = make_profile(user, site)
    grant(profile, *INVENTORY)
    cancel_request(ask_habilitations(profile, [FILES], by=user), by=user)
    profile.refresh_from_db()
    assert profile.state == State.ACTIVE
    assert [right.role for right in user.active_profile.rights] == [Role.INVENTORY_OPERATOR]


FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=PARIS)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_those_who_decide_have_a_working_day_before_they_are_reminded(site, user, time_machine):
    ape = make_person("APE", on=site)
    time_machine.move_to(FRIDAY, tick=False)
    request = ask_profile(user, site, [FILES])
    time_machine.move_to(FRIDAY + 3 * DAY - MINUTE, tick=False)  # Monday, a minute too soon
    with pytest.raises(AccountError, match="relancer à partir du 23/11/2026 à 15 h 30"):
        remind(request, by=user)
    time_machine.shift(MINUTE)
    assert remind(request, by=user).reminders == 1
    assert mails()[-1] == (Notice.REQUESTS_REMINDER, request.pk, ape.pk)
    with pytest.raises(AccountError, match="Une relance est déjà partie le 23/11/2026"):
        remind(request, by=user)
    time_machine.shift(DAY)
    assert remind(request, by=user).reminders == 2


def test_a_suspended_profile_is_not_left_to_come_back_with_a_new_one(site, user):
    ape = make_person("APE", on=site)
    profile = make_profile(user, site)
    suspend_profile(profile, by=ape, reason="enquête")
    for attempt in (
        lambda: leave(profile, by=user),
        lambda: transfer(profile, make_establishment(), [FILES], by=user),
    ):
        with pytest.raises(AccountError, match=r"est suspendu.* vous ne pouvez pas y mettre fin"):
            attempt()
    assert ask_profile(user, make_establishment(), [FILES]).is_open
    end_profile(profile, by=ape, reason="départ")
    assert ask_profile(user, site, [FILES]).is_open


def test_an_account_closes_with_its_suspended_profile(site, user):
    profile = make_profile(user, site)
    suspend_profile(profile, by=make_person("APE", on=site), reason="enquête")
    close_account(user, by=user)
    profile.refresh_from_db()
    assert profile.state == State.ENDED


def test_nobody_to_remind_is_said_with_the_mailbox_of_the_ars(site, user):
    region = make_region()
    region.mailbox = "ars@ars.example"
    region.save()
    request = ask_profile(user, site, [FILES])
    AccessRequest.objects.update(asked_at=timezone.now() - 9 * DAY)
    with pytest.raises(AccountError, match=r"écrivez à .* à ars@ars\.example"):
        remind(request, by=user)


def test_a_transfer_ends_one_profile_and_asks_for_the_other_at_once(site, user):
    former = make_profile(user, site)
    grant(former, *INVENTORY)
    ask_habilitations(former, [FILES], by=user)
    elsewhere = make_legal_entity(name="CH d’ailleurs")
    request = transfer(former, elsewhere, [FILES], by=user)
    former.refresh_from_db()
    assert (former.state, request.replaces) == (State.ENDED, former)
    assert former.reason == "changement d’employeur : CH d’ailleurs".replace(" :", "\u00a0:")
    assert not former.requests.open().exists()
    assert (request.profile.state, request.profile.legal_entity) == (State.PENDING, elsewhere)
    assert user.usable_profiles == []


def test_a_transfer_that_cannot_be_asked_ends_nothing(site, user):
    former, elsewhere = make_profile(user, site), make_establishment()
    make_profile(user, elsewhere)
    with pytest.raises(AccountError, match="déjà un profil actif"), transaction.atomic():
        transfer(former, elsewhere, [FILES], by=user)
    with pytest.raises(AccountError, match="déjà sur Hôpital de la Rive"):
        transfer(former, site, [FILES], by=user)
    former.refresh_from_db()
    assert (former.state, verbs()) == (State.ACTIVE, [])


def test_the_contact_of_a_profile_is_ones_own_to_change(site, user):
    profile = make_profile(user, site)
    change_contact(
        profile, by=user, email="magasin@ch.example", phone=" 02 00 00 01 20", address=""
    )
    profile.refresh_from_db()
    assert (profile.email, profile.phone) == ("magasin@ch.example", "02 00 00 01 20")
    assert Entry.objects.get().details["after"]["email"] == "magasin@ch.example"
    with pytest.raises(AccountError, match="adresse"):
        change_contact(profile, by=user, email="magasin", phone="", address="")


def test_the_profile_of_somebody_else_is_not_touched(site, user):
    request = ask_profile(make_user(), site, [FILES])
    for attempt in (
        lambda: cancel_request(request, by=user),
        lambda: remind(request, by=user),
        lambda: leave(request.profile, by=user),
        lambda: transfer(request.profile, make_establishment(), [FILES], by=user),
        lambda: ask_habilitations(request.profile, [FILES], by=user),
    ):
        with pytest.raises(AccountError, match="une autre personne"):
            attempt()
    with pytest.raises(AccountError, match="ne vous permet pas de décider"):
        change_contact(request.profile, by=user, email="", phone="1", address="")


def test_a_closed_account_asks_nothing(site, user):
    user.is_active = False
    with pytest.raises(AccountError, match="fermé"):
        ask_profile(user, site, [FILES])
