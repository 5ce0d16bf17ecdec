"""The link of an invitation: it serves once, is written nowhere, ends, and is asked for again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SECRET_LINK
from accounts.models import Invitation, User
from accounts.services.invitations import (
    InvitationError,
    cancel_invitation,
    link_of,
    open_account,
    resend,
    token_of,
)
from common.logs import masked
from journal.models import Entry
from tests.accounts.invitations import (
    ADDRESS,
    GF,
    NEW_PERSON,
    OPERATOR,
    PAGE,
    follow,
    invited,
)
from tests.builders import (
    PASSWORD,
    make_establishment,
    make_person,
)
from tests.locks import before_another

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(site, ape):
    return invited(site, [GF, OPERATOR], by=ape)


def text_of(client):
    return client.get(PAGE).text


def test_a_link_serves_once(invitation):
    follow(invitation).post(PAGE, NEW_PERSON)
    again = follow(invitation)
    assert "a déjà servi" in text_of(again)
    again.post(PAGE, NEW_PERSON | {"first_name": "Autre"})
    assert User.objects.get(email=ADDRESS).first_name == "Julie"
    assert "_auth_user_id" not in again.session


def test_the_link_leaves_the_address_at_once_and_is_written_nowhere(invitation, rf):
    token = token_of(invitation)
    link = link_of(invitation, "https://stocks.example/")
    assert link == f"https://stocks.example/invitation/{token}/"
    answer = Client().get(f"/invitation/{token}/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert token not in text_of(follow(invitation))
    assert SECRET_LINK.sub(r"\1…/", f"/invitation/{token}/") == "/invitation/…/"
    assert token not in masked(f"Not Found: /invitation/{token}/")
    follow(invitation).post(PAGE, NEW_PERSON)
    assert not Entry.objects.filter(details__icontains=token).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pghistory_context WHERE metadata::text LIKE %s", [f"%{token}%"]
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT to_jsonb(event) ? 'nonce' FROM accounts_invitationevent event")
        assert set(cursor.fetchall()) == {(False,)}


def test_an_unknown_link_says_so_and_opens_no_session():
    client = Client()
    answer = client.get("/invitation/no-such-token/")
    assert "n’est pas reconnu" in answer.text
    assert not client.session.keys()
    assert "Ouvrez le lien du courriel" in text_of(client)


def test_an_expired_link_asks_for_another_that_goes_to_the_same_address(invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    client = follow(invitation)
    assert "n’est plus valable" in text_of(client)
    assert client.post(PAGE, NEW_PERSON).status_code == 200
    assert not User.objects.filter(email=ADDRESS).exists()
    assert client.post(PAGE, {"renew": "1"})["Location"] == reverse("home")
    assert "remplacé" in text_of(follow(invitation))
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT
    assert Entry.objects.filter(verb="account.invitation_asked_again", by=None).count() == 1
    assert "Ouvrir votre compte" in text_of(follow(invitation))


def test_only_a_link_that_expired_lately_is_renewed(invitation, ape):
    for moment, sentence in [
        (timezone.now() + timedelta(hours=1), "ne peut pas être envoyé"),
        (timezone.now() - timedelta(days=31), "ne peut pas être envoyé"),
    ]:
        Invitation.objects.update(expires_at=moment)
        client = follow(invitation)
        answer = client.post(PAGE, {"renew": "1"}, follow=True)
        assert sentence in answer.text
    assert "Recevoir un nouveau lien" not in text_of(follow(invitation))
    cancel_invitation(invitation, by=ape)
    cancelled = text_of(follow(invitation))
    assert "a été annulée" in cancelled
    assert str(ape) in cancelled


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_open_one_account():
    site = make_establishment()
    invitation = invited(site, by=make_person("APE", on=site))

    def second():
        open_account(invitation, first_name="B", last_name="B", password=PASSWORD)

    with before_another(second, refused=InvitationError) as refusals:
        open_account(invitation, first_name="A", last_name="A", password=PASSWORD)
    assert "a déjà servi" in str(refusals[0])
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_the_last_link_sent_is_the_one_that_serves(invitation, ape):
    client = follow(invitation)
    renewed = resend(invitation, by=ape)
    assert "a été remplacé" in text_of(client)
    client.post(PAGE, NEW_PERSON)
    assert not User.objects.filter(email=ADDRESS).exists()
    follow(renewed, client).post(PAGE, NEW_PERSON)
    assert User.objects.filter(email=ADDRESS).exists()
