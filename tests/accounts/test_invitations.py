"""Inviting somebody: who may, where, with what, and what becomes of the invitation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Domain, Invitation, Level, Profile, Role
from accounts.services.invitations import (
    AlreadyThereError,
    InvitationError,
    LinkError,
    Right,
    accept,
    cancel_invitation,
    confirm_invitation,
    invitation_from,
    resend,
    rights_of,
    roles_to_give,
    token_of,
)
from accounts.services.profiles import suspend_profile
from establishments.models import AdministrativeBody
from journal.models import Entry
from tests.accounts.invitations import ADDRESS, APE, CELL, GF, OPERATOR, invited
from tests.builders import (
    grant,
    make_body,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
Kind = AdministrativeBody.Kind


@pytest.fixture
def agent(site):
    return make_person("ARA", on=site.region)


def test_an_ape_invites_on_a_site_of_their_entity_for_three_days(site, ape):
    invitation = invited(site, [GF, OPERATOR], by=ape, email=" Julie.MOREAU@ch.example ")
    assert (invitation.email, invitation.level) == (ADDRESS, Level.ENTITY)
    assert invitation.expires_at - invitation.sent_at == timedelta(hours=72)
    assert rights_of(invitation) == [GF, OPERATOR]
    entry = Entry.objects.get(verb="account.invitation_sent")
    assert (entry.by, entry.finess) == (ape, site.finess)
    assert invitation.nonce not in str(entry.details)
    assert token_of(invitation) not in str(entry.details)


def test_nobody_gives_more_than_they_may_decide(site, ape, agent):
    with pytest.raises(InvitationError, match="ne vous permet pas de donner"):
        invited(site, [APE], by=ape)
    assert invited(site, [APE], by=agent).level == Level.ARS
    roles = [role for _, role in roles_to_give(site, ape)]
    assert Role.ADMINISTRATOR not in roles
    assert Role.DECLARANT in roles
    assert Role.ADMINISTRATOR in [role for _, role in roles_to_give(site, agent)]


def test_nobody_invites_out_of_their_perimeter(ape, agent):
    department = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    elsewhere = make_establishment(department=department)
    for person in (ape, agent, make_person("GF"), make_person("NAT")):
        with pytest.raises(InvitationError, match="ne vous permet pas"):
            invited(elsewhere, by=person)
    with pytest.raises(InvitationError, match="ne vous permet pas"):
        invited(make_body(Kind.ARS, region=make_region()), [APE], by=agent)
    assert not Invitation.objects.exists()


def test_an_ape_of_one_site_invites_neither_on_its_sister_nor_on_the_entity(site):
    deputy = make_person("APE", on=site)
    for entity in (make_establishment(site.legal_entity), site.legal_entity):
        with pytest.raises(InvitationError, match="ne vous permet pas"):
            invited(entity, by=deputy)


@pytest.mark.parametrize(
    ("rights", "sentence"),
    [
        ([], "au moins une habilitation"),
        ([CELL], "n’existe pas"),
        ([Right(Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)], "date de fin"),
        ([GF._replace(ends_on=timezone.localdate() - timedelta(days=1))], "est passé"),
        (
            [
                GF._replace(
                    starts_on=timezone.localdate() + timedelta(days=9),
                    ends_on=timezone.localdate() + timedelta(days=1),
                )
            ],
            "précède",
        ),
    ],
)
def test_what_is_prepared_must_make_sense(site, ape, rights, sentence):
    with pytest.raises(InvitationError, match=sentence):
        invited(site, rights, by=ape)


def test_neither_oneself_nor_a_closed_place_nor_a_word_is_invited(site, ape):
    with pytest.raises(InvitationError, match="est la vôtre"):
        invited(site, by=ape, email=ape.email.upper())
    with pytest.raises(InvitationError, match="n’est pas une adresse"):
        invited(site, by=ape, email="julie")
    site.closed_on = timezone.localdate()
    with pytest.raises(InvitationError, match="est fermé depuis"):
        invited(site, by=ape)


def test_a_person_is_invited_once_to_a_place(site, ape):
    first = invited(site, by=ape)
    with pytest.raises(InvitationError, match="déjà invité"):
        invited(site, by=ape, email=ADDRESS.upper())
    invited(site.legal_entity, by=ape)
    cancel_invitation(first, by=ape)
    assert invited(site, by=ape)


def test_somebody_who_has_the_profile_is_given_what_it_lacks_instead(site, ape):
    person = make_user(email=ADDRESS)
    profile = make_profile(person, site)
    grant(profile, *OPERATOR[:2])
    with pytest.raises(AlreadyThereError, match="donnez-lui directement") as told:
        invited(site, [OPERATOR, GF], by=ape)
    assert (told.value.profile, told.value.missing) == (profile, [GF])
    with pytest.raises(AlreadyThereError, match="avec ces habilitations"):
        invited(site, [OPERATOR], by=ape)
    suspend_profile(profile, by=ape, reason="absence")
    with pytest.raises(AlreadyThereError, match="est suspendu") as told:
        invited(site, [GF], by=ape)
    assert told.value.missing == []


def test_a_profile_that_waits_is_decided_rather_than_invited(site, ape):
    make_profile(make_user(email=ADDRESS), site, state=Profile.State.PENDING)
    with pytest.raises(AlreadyThereError, match="décidez cette demande"):
        invited(site, by=ape)


def test_sending_again_makes_the_former_link_worthless(site, ape):
    invitation = invited(site, by=ape)
    former = token_of(invitation)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    renewed = resend(invitation, by=ape)
    assert renewed.state == Invitation.State.SENT
    assert invitation_from(token_of(renewed)) == renewed
    with pytest.raises(LinkError, match="a été remplacé") as told:
        invitation_from(former)
    assert told.value.invitation == invitation


def test_a_link_that_was_altered_opens_nothing(site, ape):
    invitation = invited(site, by=ape)
    token = token_of(invitation)
    for forged in (token[:-1], token[1:], "", "a.b", f"{token}x", "1"):
        with pytest.raises(LinkError, match="n’est pas reconnu"):
            invitation_from(forged)


def test_a_cancelled_invitation_is_over(site, ape):
    invitation = cancel_invitation(invited(site, by=ape), by=ape)
    assert invitation.state == Invitation.State.CANCELLED
    for act in (cancel_invitation, resend):
        with pytest.raises(InvitationError):
            act(invitation, by=ape)


def test_who_could_not_send_it_can_neither_resend_nor_cancel_it(site, ape, agent):
    invitation = invited(site, [APE], by=agent)
    for act in (cancel_invitation, resend):
        for person in (ape, make_person("GF", on=site), make_person("NAT")):
            with pytest.raises(InvitationError, match="ne vous permet pas"):
                act(invitation, by=person)
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT


def test_an_invitation_of_the_country_leaves_once_another_person_agrees():
    first, second = make_person("NAT"), make_person("NAT")
    ars = make_body(Kind.ARS, region=make_region())
    invitation = invited(ars, [APE], by=first)
    assert (invitation.state, invitation.level) == (
        Invitation.State.TO_CONFIRM,
        Level.NATIONAL,
    )
    with pytest.raises(InvitationError, match="une autre personne"):
        confirm_invitation(invitation, by=first)
    with pytest.raises(InvitationError, match="rien n’est parti"):
        resend(invitation, by=second)
    confirmed = confirm_invitation(invitation, by=second)
    assert confirmed.state == Invitation.State.SENT
    assert confirmed.expires_at - confirmed.sent_at == timedelta(hours=72)
    with pytest.raises(InvitationError, match="rien n’a changé"):
        confirm_invitation(invitation, by=make_person("NAT"))


def test_only_the_country_confirms_and_nobody_for_themselves():
    ars = make_body(Kind.ARS, region=make_region())
    invitation = invited(ars, [APE], by=make_person("NAT"))
    with pytest.raises(InvitationError, match="ne vous permet pas"):
        confirm_invitation(invitation, by=make_person("ARA", on=make_region()))
    person = make_person("NAT", user=make_user(email=ADDRESS))
    with pytest.raises(InvitationError, match="vous est adressée"):
        confirm_invitation(invitation, by=person)


def test_a_deputy_invites_no_deputy_beyond_their_own_last_day(site):
    deputy, end = make_user(), timezone.localdate() + timedelta(days=30)
    role = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
    grant(make_profile(deputy, site), *role, ends_on=end)
    with pytest.raises(InvitationError, match="Votre propre délégation finit le"):
        invited(site, [Right(*role, None, end + timedelta(days=1))], by=deputy)
    assert not Invitation.objects.exists()

    assert rights_of(invited(site, [Right(*role, None, end)], by=deputy))[0].ends_on == end


def test_what_a_deputy_prepared_does_not_outlive_a_delegation_made_shorter(site):
    deputy, end = make_user(), timezone.localdate() + timedelta(days=30)
    role = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
    held = grant(make_profile(deputy, site), *role, ends_on=end)
    invitation = invited(site, [Right(*role, None, end)], by=deputy)
    held.ends_on = timezone.localdate()
    held.save()
    with pytest.raises(LinkError, match="ne décide plus des accès"):
        accept(invitation, user=make_user(email=ADDRESS))


def test_an_address_longer_than_what_is_kept_is_no_address(site, ape):
    with pytest.raises(InvitationError, match="n’est pas une adresse"):
        invited(site, by=ape, email=f"{'a' * 250}@ch.example")


def test_who_is_refused_an_invitation_learns_no_name_from_it(site, ape):
    make_user(email=ADDRESS, last_name="Inconnue", is_active=False)
    with pytest.raises(InvitationError, match=f"Le compte de {ADDRESS} est désactivé"):
        invited(site, by=ape)
