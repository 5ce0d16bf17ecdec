"""Accepting an invitation: somebody new, somebody known and somebody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Habilitation, Invitation, Profile, Role, User
from accounts.services.invitations import (
    InvitationError,
    accept,
    confirm_invitation,
    open_account,
)
from accounts.services.profiles import revoke_habilitation, suspend_profile
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.models import Entry
from tests.accounts.invitations import (
    ADDRESS,
    APE,
    CELL,
    GF,
    NEW_PERSON,
    OPERATOR,
    PAGE,
    follow,
    invited,
)
from tests.accounts.test_login import alert_of
from tests.builders import (
    PASSWORD,
    grant,
    make_body,
    make_category,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(site, ape):
    return invited(site, [GF, OPERATOR], by=ape)


def text_of(client):
    return client.get(PAGE).text


def test_somebody_new_chooses_a_password_and_works_at_once(invitation, site):
    client = follow(invitation)
    assert "Hôpital de la Rive" in text_of(client)
    answer = client.post(PAGE, NEW_PERSON)
    assert answer["Location"] == reverse("home")
    user = User.objects.get(email=ADDRESS)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.username, user.get_full_name()) == ("julie.moreau", "Julie Moreau")
    assert user.check_password(PASSWORD)
    assert user.emailaddress_set.get().verified
    assert user.perimeter_to(Action.EPI_WRITE)
    assert user.perimeter_to(Action.MED_WRITE).establishment_ids == {site.pk}
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (Invitation.State.ACCEPTED, user)
    assert {right.decided_by for right in Habilitation.objects.filter(profile__user=user)} == {
        invitation.invited_by
    }
    verbs = set(Entry.objects.filter(by=user).values_list("verb", flat=True))
    assert {"account.invitation_accepted", "account.logged_in"} <= verbs


def test_the_password_is_checked_and_what_was_typed_is_kept(invitation):
    client = follow(invitation)
    for fields, sentence in [
        ({"password1": "court", "password2": "court"}, "12 caractères"),
        ({"password2": "autre-chose-encore"}, "ne sont pas les mêmes"),
        ({"password1": "julie.moreau@ch", "password2": "julie.moreau@ch"}, "trop semblable"),
        ({"last_name": ""}, "obligatoire"),
    ]:
        answer = client.post(PAGE, NEW_PERSON | fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="Julie"' in answer.text
    assert not User.objects.filter(email=ADDRESS).exists()


def test_forged_fields_change_nothing_of_what_was_prepared(invitation, site):
    other = make_establishment()
    forged = {
        "email": "autre@ch.example", "role": "administrator", "rights": "[]", "username": "x",
        "establishment": other.pk, "is_staff": "on", "is_superuser": "on", "expires_at": "2099",
    }  # fmt: skip
    follow(invitation).post(PAGE, NEW_PERSON | forged)
    user = User.objects.get(email=ADDRESS)
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert user.profiles.get().establishment == site
    held = Habilitation.objects.filter(profile__user=user).values_list("domain", "role")
    assert set(held) == {GF[:2], OPERATOR[:2]}


def test_somebody_known_logs_in_then_accepts_and_keeps_their_other_profile(invitation, site):
    elsewhere = make_establishment()
    person = make_person("OIE", on=elsewhere, user=make_user(email=ADDRESS))
    client = follow(invitation)
    assert "Un compte existe" in text_of(client)
    client.post(PAGE, NEW_PERSON)  # no password is set on an account that exists
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    login = {"login": ADDRESS, "password": PASSWORD, "next": PAGE}
    assert client.post(reverse("account_login"), login)["Location"] == PAGE
    assert client.post(PAGE, {"accept": "1"})["Location"] == reverse("home")
    assert person.profiles.filter(state="active").count() == 2
    assert client.session["profile"] == person.profiles.get(establishment=site).pk


def test_somebody_else_is_told_and_may_leave_without_losing_the_invitation(invitation):
    client = Client()
    other = make_person("OIE")
    client.force_login(other)
    follow(invitation, client)
    assert "connecté avec un autre compte" in text_of(client)
    client.post(PAGE, {"accept": "1"})
    assert not other.profiles.filter(establishment=invitation.establishment).exists()
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT
    client.post(PAGE, {"leave": "1"})
    assert "_auth_user_id" not in client.session
    assert "Ouvrir votre compte" in text_of(client)


def test_what_somebody_prepared_falls_with_their_right_to_give_it(invitation, ape):
    right = ape.profiles.get().habilitations.get(role=Role.ADMINISTRATOR)
    revoke_habilitation(right, by=make_person("ARA", on=invitation.establishment.region))
    client = follow(invitation)
    assert "ne décide plus des accès" in text_of(client)
    client.post(PAGE, NEW_PERSON)
    assert not User.objects.filter(email=ADDRESS).exists()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "ne décide plus" in client.post(PAGE, {"renew": "1"}, follow=True).text


def test_an_ape_on_two_entities_invites_from_either(site, ape):
    make_person("APE", on=make_establishment(), user=ape)
    ape = User.objects.get(pk=ape.pk)
    ape.chosen_profile_id = ape.profiles.get(legal_entity=site.legal_entity).pk
    invitation = invited(site, by=ape)
    assert "Ouvrir votre compte" in text_of(follow(invitation))


def test_a_closed_place_is_told(invitation, site):
    site.closed_on = timezone.localdate()
    site.save()
    assert "est fermé depuis" in text_of(follow(invitation))


def test_a_profile_asked_for_meanwhile_opens_and_its_request_is_answered(invitation, site, ape):
    person = make_user(email=ADDRESS)
    profile = make_profile(person, site, state=Profile.State.PENDING)
    request = AccessRequest.objects.create(profile=profile, level="entity", asked_by=person)
    asked = grant(profile, *OPERATOR[:2], state="pending", request=request)
    accept(invitation, user=person)
    for row in (request, profile, asked):
        row.refresh_from_db()
    assert (profile.state, asked.state) == ("active", "active")
    assert (request.outcome, request.decided_by) == ("accepted", ape)
    assert profile.habilitations.count() == 2


def test_what_was_asked_besides_still_waits(invitation, site):
    person = make_user(email=ADDRESS)
    profile = make_profile(person, site, state=Profile.State.PENDING)
    request = AccessRequest.objects.create(profile=profile, level="ars", asked_by=person)
    grant(profile, *APE[:2], state="pending", request=request)
    accept(invitation, user=person)
    request.refresh_from_db()
    assert request.is_open
    assert not person.may(Action.PROF_DECIDE_ETAB)


def test_a_suspended_profile_stays_so(invitation, site, ape):
    person = make_user(email=ADDRESS)
    suspend_profile(make_profile(person, site), by=ape, reason="absence")
    with pytest.raises(InvitationError, match="est suspendu"):
        accept(invitation, user=person)


def test_an_ape_of_a_beneficiary_may_order_at_once(site):
    site.category = make_category()
    agent = make_person("ARA", on=site.region)
    user = open_account(
        invited(site, [APE], by=agent), first_name="Anne", last_name="Roy", password=PASSWORD
    )
    assert user.may(Action.PROF_DECIDE_ETAB)
    automatic = Habilitation.objects.filter(profile__user=user, is_automatic=True)
    assert [one.domain for one in automatic] in ([Domain.DISTRILOG], [])


def test_a_national_invitation_opens_nothing_before_a_second_person(client):
    first, second = make_person("NAT"), make_person("NAT")
    cell = make_body(AdministrativeBody.Kind.NATIONAL)
    invitation = invited(cell, [CELL], by=first)
    assert "attend encore" in text_of(follow(invitation, client))
    invitation = confirm_invitation(invitation, by=second)
    follow(invitation, client).post(PAGE, NEW_PERSON)
    user = User.objects.get(email=ADDRESS)
    assert user.profiles.get().decided_by == second
    assert user.may(Action.PROF_DECIDE_REG)


def test_an_account_opened_meanwhile_is_told(invitation):
    client = follow(invitation)
    make_user(email=ADDRESS)
    assert "Un compte existe" in client.post(PAGE, NEW_PERSON).text
    with pytest.raises(InvitationError, match="vient d’être ouvert"):
        open_account(invitation, first_name="J", last_name="M", password=PASSWORD)


def test_an_account_that_is_disabled_is_not_logged_in(invitation):
    make_user(email=ADDRESS, is_active=False)
    client = follow(invitation)
    answer = client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    assert "n’est pas reconnu" in alert_of(answer)


def test_a_profile_asked_for_in_the_same_instant_is_told_and_not_a_fault(site, ape, monkeypatch):
    invitation, person = invited(site, by=ape), make_user(email=ADDRESS)
    make_profile(person, site, state="pending")
    monkeypatch.setattr(Profile, "LIVING", ())  # as if it had come just after one looked
    with pytest.raises(InvitationError, match="acceptez de nouveau"):
        accept(invitation, user=person)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_who_takes_the_address_they_invited_does_not_decide_for_themselves(site, ape):
    """The address of one's account may change after the invitation has left."""
    invitation = invited(site, [GF], by=ape)
    User.objects.filter(pk=ape.pk).update(email=ADDRESS)
    ape.refresh_from_db()
    with pytest.raises(InvitationError, match="personne ne décide pour soi"):
        accept(invitation, user=ape)


def test_who_confirmed_an_invitation_does_not_accept_it():
    first, second = make_person("NAT"), make_person("NAT")
    body = make_body(AdministrativeBody.Kind.ARS, region=make_region())
    invitation = confirm_invitation(invited(body, [APE], by=first), by=second)
    User.objects.filter(pk=second.pk).update(email=ADDRESS)
    second.refresh_from_db()
    with pytest.raises(InvitationError, match="personne ne décide pour soi"):
        accept(invitation, user=second)
