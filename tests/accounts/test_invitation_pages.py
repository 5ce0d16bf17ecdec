"""The pages of PLAGE where invitations are prepared, followed, sent again, cancelled."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain, Habilitation, Invitation, Role
from accounts.services.invitations import Right, accept, rights_of
from establishments.models import AdministrativeBody
from tests.accounts.invitations import ADDRESS, APE, GF, OPERATOR, invited
from tests.builders import (
    grant,
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
LIST = "plage:invitations"
TYPED = {"email": ADDRESS, "rights": ["epi_stock:inventory_operator"]}


@pytest.fixture
def client(client_for, site):
    return client_for("APE", on=site.legal_entity)


def form_of(place):
    return reverse("plage:invitation_form", args=[place.finess])


def test_an_ape_chooses_a_place_then_invites_and_follows_it(client, site):
    where = client.get(reverse("plage:invitation_new"))
    assert form_of(site) in where.text
    assert form_of(site.legal_entity) in where.text
    page = client.get(form_of(site))
    assert_sound_html(page)
    assert "administration:administrator" not in page.text
    answer = client.post(form_of(site), TYPED | {"first_name": "Julie", "note": "Bienvenue"})
    assert answer["Location"] == reverse(LIST)
    invitation = Invitation.objects.get()
    assert (invitation.entity, invitation.invited_by) == (site, client.user)
    assert (rights_of(invitation), invitation.note) == ([OPERATOR], "Bienvenue")
    listed = client.get(reverse(LIST))
    assert_sound_html(listed)
    for words in ("Julie", ADDRESS, "Envoyée", "Renvoyer"):
        assert words in listed.text


def test_days_are_given_to_what_is_prepared(client, site):
    until = timezone.localdate() + timedelta(days=30)
    typed = TYPED | {"rights": ["administration:delegated_administrator"], "ends_on": str(until)}
    client.post(form_of(site), typed)
    delegated = Right(Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, None, until)
    assert rights_of(Invitation.objects.get()) == [delegated]
    answer = client.post(form_of(site), typed | {"ends_on": "", "email": "b@ch.example"})
    assert (answer.status_code, "date de fin" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "forged",
    [
        {"rights": ["administration:administrator"]},
        {"rights": ["administration:national_cell"]},
        {"rights": ["epi_stock:inventory_operator", "administration:administrator"]},
        {"rights": []},
        {"rights": ["x"]},
        {"email": "not-an-address"},
        {"email": ""},
        {"ends_on": "2001-01-01"},
    ],
)
def test_a_forged_form_invites_nobody(client, site, forged):
    answer = client.post(form_of(site), TYPED | forged)
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_fields_that_the_form_does_not_have_change_nothing(client, site):
    other = make_establishment()
    extra = {
        "establishment": other.pk, "legal_entity": site.legal_entity.pk, "level": "national",
        "invited_by": make_user().pk, "nonce": "x", "sent_at": "2001-01-01", "batch": "x",
        "expires_at": "2099-01-01", "accepted_at": "2001-01-01", "confirmed_by": 1, "state": "x",
    }  # fmt: skip
    client.post(form_of(site), TYPED | extra)
    invitation = Invitation.objects.get()
    assert (invitation.entity, invitation.invited_by) == (site, client.user)
    assert invitation.state == Invitation.State.SENT
    assert invitation.expires_at < timezone.now() + timedelta(hours=73)
    assert invitation.nonce != "x"


def test_elsewhere_is_nowhere(client, site):
    department = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    far = make_establishment(department=department)
    assert client.get(form_of(far)).status_code == 404
    assert client.post(form_of(far), TYPED).status_code == 404
    foreign = invited(far, by=make_person("APE", on=far))
    for name in ("invitation_resend", "invitation_cancel", "invitation_confirm"):
        assert client.post(reverse(f"plage:{name}", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("plage:invitation", args=[foreign.pk])).status_code == 404
    assert ADDRESS not in client.get(reverse(LIST)).text
    foreign.refresh_from_db()
    assert foreign.state == Invitation.State.SENT


def test_the_country_does_not_invite_to_an_establishment(client_for, site):
    national = client_for("NAT")
    answer = national.post(form_of(site), TYPED)
    assert (answer.status_code, "administrateur ou par l’ARS" in answer.text) == (403, True)
    assert form_of(site) not in national.get(reverse("plage:invitation_new")).text


def test_the_country_prepares_and_another_person_confirms_from_the_list(client_for):
    ars = make_body(AdministrativeBody.Kind.ARS, region=make_region())
    first, second = client_for("NAT"), client_for("NAT")
    url = reverse("plage:invitation_body_form", args=[ars.pk])
    assert url in first.get(reverse("plage:invitation_new"), {"recherche": "ars"}).text
    first.post(url, {"email": ADDRESS, "rights": ["administration:administrator"]})
    invitation = Invitation.objects.get()
    assert invitation.sent_at is None
    confirm = reverse("plage:invitation_confirm", args=[invitation.pk])
    assert confirm not in first.get(reverse(LIST)).text
    first.post(confirm)
    invitation.refresh_from_db()
    assert invitation.sent_at is None
    assert confirm in second.get(reverse(LIST)).text
    assert second.post(confirm, {"next": reverse(LIST)})["Location"] == reverse(LIST)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.confirmed_by) == (Invitation.State.SENT, second.user)


def test_somebody_already_there_is_given_what_is_missing_in_one_click(client, site):
    person = make_user(email=ADDRESS)
    profile = make_profile(person, site)
    answer = client.post(form_of(site), TYPED)
    assert answer.status_code == 422
    assert "a déjà un profil ici" in answer.text
    assert client.post(form_of(site), TYPED | {"give": "1"})["Location"] == reverse(LIST)
    right = profile.habilitations.get()
    assert (right.role, right.state) == (Role.INVENTORY_OPERATOR, Habilitation.State.ACTIVE)
    assert right.decided_by == client.user
    assert not Invitation.objects.exists()
    again = client.post(form_of(site), TYPED | {"give": "1"})
    assert "avec ces habilitations" in again.text


def test_giving_takes_a_profile_that_is_there(client, site):
    answer = client.post(form_of(site), TYPED | {"give": "1"})
    assert "n’a pas encore de profil actif" in answer.text
    forged = TYPED | {"give": "1", "rights": ["administration:administrator"]}
    make_profile(make_user(email=ADDRESS), site)
    client.post(form_of(site), forged)
    assert not Habilitation.objects.filter(profile__user__email=ADDRESS).exists()


def test_an_invitation_is_sent_again_cancelled_and_told(client, site):
    invitation = invited(site, by=client.user)
    detail = reverse("plage:invitation", args=[invitation.pk])
    assert_sound_html(client.get(detail))
    answer = client.post(
        reverse("plage:invitation_resend", args=[invitation.pk]), {"next": detail}, follow=True
    )
    assert "Un nouveau lien part" in answer.text
    assert answer.redirect_chain[0][0] == detail
    answer = client.post(reverse("plage:invitation_cancel", args=[invitation.pk]), follow=True)
    assert "est annulée" in answer.text
    answer = client.post(reverse("plage:invitation_resend", args=[invitation.pk]), follow=True)
    assert "rien n’est parti" in answer.text


def test_an_ape_sees_the_invitation_of_an_ape_but_leaves_it_to_the_ars(client, site):
    invitation = invited(site, [APE], by=make_person("ARA", on=site.region))
    assert ADDRESS in client.get(reverse(LIST)).text
    page = client.get(reverse("plage:invitation", args=[invitation.pk])).text
    for name in ("invitation_resend", "invitation_cancel"):
        assert reverse(f"plage:{name}", args=[invitation.pk]) not in page
    client.post(reverse("plage:invitation_cancel", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.SENT


def test_the_list_is_narrowed_by_state_and_by_words(client, site):
    made = {
        name: invited(site, by=client.user, email=f"{name}@ch.example", last_name=name)
        for name in ("sent", "expired", "accepted", "cancelled")
    }
    Invitation.objects.filter(pk=made["expired"].pk).update(expires_at=timezone.now())
    Invitation.objects.filter(pk=made["cancelled"].pk).update(cancelled_at=timezone.now())
    accept(made["accepted"], user=make_user(email="accepted@ch.example"))
    for state, invitation in made.items():
        shown = client.get(reverse(LIST), {"etat": state}).text
        assert [one for one in made if f"{one}@ch.example" in shown] == [state]
        found = client.get(reverse(LIST), {"recherche": f"{state} rive"}).text
        assert f"{invitation.email}" in found
    assert (
        "Aucune invitation ne correspond"
        in client.get(reverse(LIST), {"recherche": "personne"}).text
    )


def test_the_list_takes_as_many_queries_for_two_as_for_thirty(client, site, count_queries):
    for number in range(2):
        invited(site, [OPERATOR, GF], by=client.user, email=f"a{number}@ch.example")
    with_two = count_queries(reverse(LIST))
    for number in range(30):
        place = make_establishment(site.legal_entity)
        invited(place, by=client.user, email=f"b{number}@ch.example")
    assert count_queries(reverse(LIST)) == with_two


def test_the_places_of_a_region_are_searched(client_for, site):
    make_legal_entity(name="CH de Blois", town="BLOIS")
    agent = client_for("ARA", on=site.region)
    found = agent.get(reverse("plage:invitation_new"), {"recherche": "blois"}).text
    assert "CH de Blois" in found
    assert "Hôpital de la Rive" not in found
    many = agent.get(reverse("plage:invitation_new"), {"recherche": site.finess[:2]})
    assert_sound_html(many)


def test_another_window_under_another_profile_breaks_nothing(client, site):
    held = client.user.profiles.get()
    elsewhere = make_establishment(category=make_category())
    other = make_profile(client.user, elsewhere)
    grant(other, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    session = client.session
    session["profile"] = other.pk
    session.save()
    assert client.post(form_of(site), TYPED).status_code == 403
    assert client.post(form_of(site), TYPED | {"profile": held.pk}).status_code == 302


def test_a_visitor_and_a_plain_account_invite_nobody(client_for, site):
    assert Client().get(reverse(LIST)).status_code == 302
    for code in ("USR", "GF", "OIE"):
        person = client_for(code)
        assert person.get(reverse(LIST)).status_code == 403
        assert person.post(form_of(site), TYPED).status_code == 403
