"""One's own profiles on screen: their states, the choice, the change."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import HistoryMiddleware
from accounts.models import AccessRequest, Domain, Habilitation, Profile, Role
from accounts.services.decisions import decide
from accounts.services.profiles import revoke_habilitation
from accounts.services.requests import ask_profile
from tests.builders import (
    PASSWORD,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    """Somebody with two profiles: inventory operator on one site, APE on another."""
    person = make_person("OIE", on=make_establishment(name="Premier"))
    return make_person("APE", on=make_establishment(name="Second"), user=person)


def client_of(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def page(client, name="profiles:list"):
    return client.get(reverse(name)).content.decode()


def use(client, profile, **data):
    return client.post(reverse("profiles:use"), {"profile": profile.pk, **data})


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Profile.State.PENDING, "attend qu’un administrateur l’ouvre"),
        (Profile.State.SUSPENDED, "suspendu : congé"),
        (Profile.State.REFUSED, "refusé : congé"),
        (Profile.State.ENDED, "terminé"),
    ],
)
def test_each_profile_says_its_state_and_what_it_waits_for(state, words):
    user = make_user()
    profile = make_profile(user, make_establishment(name="Hôpital de la Rive"), state=state)
    Profile.objects.filter(pk=profile.pk).update(reason="congé")
    text = page(client_of(user))
    assert "Hôpital de la Rive" in text
    assert words in text
    is_living = state in (Profile.State.PENDING, Profile.State.SUSPENDED)
    assert ("demander un profil</h2>" in text) != is_living


def test_a_profile_without_habilitation_says_so_and_whom_to_write_to():
    region = make_region()
    region.mailbox = "ars@ars.example"
    region.save()
    user = make_user()
    make_profile(user, make_establishment())
    text = page(client_of(user))
    assert "Il manque une habilitation" in text
    assert "mailto:ars@ars.example" in text


def test_somebody_sees_only_their_own_profiles(person):
    make_person("OIE", on=make_establishment(name="Ailleurs"))
    assert "Ailleurs" not in page(client_of(person))


def test_the_choice_is_kept_and_changes_the_session_number(person):
    client = client_of(person)
    before = client.session.session_key
    second = person.usable_profiles[1]
    assert use(client, second).status_code == 302
    assert client.session["profile"] == second.pk
    assert client.session.session_key != before
    assert "Second" in client.get(reverse("home")).content.decode()


def test_the_list_of_open_sessions_follows_the_new_number(person):
    client = client_of(person)
    use(client, person.usable_profiles[1])
    assert person.usersession_set.get().session_key == client.session.session_key


def test_the_profile_of_somebody_else_cannot_be_used(person):
    other = make_person("OIE").usable_profiles[0]
    client = client_of(person)
    use(client, other)
    assert "profile" not in client.session


@pytest.mark.parametrize("state", [Profile.State.SUSPENDED, Profile.State.PENDING])
def test_a_profile_that_is_not_active_cannot_be_used(person, state):
    client, first = client_of(person), person.usable_profiles[0]
    Profile.objects.filter(pk=first.pk).update(state=state)
    use(client, first)
    assert "profile" not in client.session


def test_one_stays_on_the_page_when_the_new_profile_may_see_it(person):
    client = client_of(person)
    assert use(client, person.usable_profiles[0], next="/")["Location"] == "/"
    codes = reverse("legacy_codes")
    assert use(client, person.usable_profiles[1], next=codes)["Location"] == reverse("home")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/nowhere/"])
def test_the_way_back_is_a_page_of_this_site(person, address):
    client = client_of(person)
    assert use(client, person.usable_profiles[0], next=address)["Location"] == reverse("home")


@pytest.mark.parametrize(
    "address",
    [
        "http://testserver//evil.example/x",
        "http://testserver/\\evil.example/x",
        "http://testserver///evil.example/x",
        "//evil.example/x",
        "/\\evil.example/x",
    ],
)
def test_the_choice_never_leads_outside(client_for, address):
    client = client_for("OIE")
    response = client.get(reverse("profiles:choose"), {"next": address})
    assert response["Location"] == reverse("profiles:list")


def test_the_choice_remembers_where_one_was_going(person):
    client = client_of(person)
    text = client.get(reverse("profiles:choose"), {"next": "/?a=1"}).content.decode()
    assert 'name="next" value="/?a=1"' in text
    referer = "http://testserver/?b=2"
    text = client.get(reverse("profiles:choose"), headers={"referer": referer}).content.decode()
    assert 'name="next" value="/?b=2"' in text


def test_a_change_of_profile_is_a_post(person):
    assert client_of(person).get(reverse("profiles:use")).status_code == 405


def test_a_revoked_habilitation_stops_at_the_next_click(client_for):
    client = client_for("ARA")
    url = reverse("legacy_codes")
    assert client.get(url).status_code == 200
    right = Habilitation.objects.get(profile__user=client.user)
    revoke_habilitation(right, by=None, reason="départ")
    assert client.get(url).status_code == 403


def test_a_suspended_profile_stops_at_the_next_click(client_for):
    client = client_for("ARA")
    Profile.objects.filter(user=client.user).update(state=Profile.State.SUSPENDED)
    assert client.get(reverse("legacy_codes")).status_code == 403


def test_a_disabled_account_stops_at_the_next_click(client_for):
    client = client_for("OIE")
    type(client.user).objects.filter(pk=client.user.pk).update(is_active=False)
    assert client.get(reverse("profiles:list")).status_code == 302


def test_ten_profiles_take_as_many_queries_as_two(client, count_queries, person):
    client.force_login(person)
    with_two = [count_queries(reverse(name)) for name in ("profiles:list", "profiles:choose")]
    for _ in range(8):
        make_person("OIE", user=person)
    with_ten = [count_queries(reverse(name)) for name in ("profiles:list", "profiles:choose")]
    assert with_ten == with_two


def test_ten_profiles_that_wait_take_as_many_queries_as_two(client, count_queries):
    user = make_user()
    client.force_login(user)

    def ask(count):
        for _ in range(count):
            site = make_establishment()
            make_person("APE", on=site)
            ask_profile(user, site, [(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)])

    ask(2)
    with_two = count_queries(reverse("profiles:list"))
    ask(8)
    assert count_queries(reverse("profiles:list")) == with_two


def test_what_waits_says_since_when_who_can_act_and_how_to_reach_them(client):
    user, site = make_user(), make_establishment(name="Hôpital de la Rive")
    client.force_login(user)
    ape = make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    ask_profile(user, site, [(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)])
    AccessRequest.objects.update(asked_at=timezone.now() - timedelta(days=5))
    text = " ".join(page(client).split())
    assert "en attente depuis 5 jours" in text
    assert "Nadia Benali" in text
    assert f"mailto:{ape.email}" in text
    assert "Relancer" in text


def test_a_request_decided_shows_its_reason_and_may_be_made_again(client):
    user, site = make_user(), make_establishment()
    client.force_login(user)
    ape = make_person("APE", on=site)
    asked = ask_profile(user, site, [(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)])
    decide(asked, by=ape, accepted=False, reason="Vous n’êtes pas de ce service.")
    for address in (
        reverse("profiles:detail", args=[asked.profile_id]),
        reverse("profiles:request", args=[asked.pk]),
    ):
        response = client.get(address)
        assert_sound_html(response)
        assert "Vous n’êtes pas de ce service" in response.text
    assert client.get(reverse("profiles:ask_place", args=[site.finess])).status_code == 200


def test_one_ends_ones_own_profile_after_a_page_that_says_what_it_closes(client):
    user = make_person("OIE")
    client.force_login(user)
    url = reverse("profiles:leave", args=[user.usable_profiles[0].pk])
    assert_sound_html(client.get(url))
    client.post(url, {"reason": "départ à la retraite"})
    profile = Profile.objects.get(user=user)
    assert (profile.state, profile.reason) == (Profile.State.ENDED, "départ à la retraite")
    assert "rien n’a changé" in client.post(url, follow=True).text


def test_the_contact_details_of_a_profile_are_its_own(client):
    user = make_person("OIE")
    client.force_login(user)
    profile = user.usable_profiles[0]
    url = reverse("profiles:contact", args=[profile.pk])
    sent = {"email": "magasin@ch.example", "phone": "02 00 00 01 20", "state": "ended", "user": "1"}
    client.post(url, sent)
    profile.refresh_from_db()
    assert (profile.email, profile.phone) == ("magasin@ch.example", "02 00 00 01 20")
    assert (profile.state, profile.user) == (Profile.State.ACTIVE, user)
    refused = client.post(url, {"email": "magasin"})
    assert_sound_html(refused)
    assert refused.context["form"].errors


def test_the_history_never_keeps_the_link_that_opens_an_account(rf):
    request = rf.post("/comptes/mot-de-passe/nouveau/3-abc-secret/")
    request.session, request.id, request.user = {}, "1", AnonymousUser()
    context = HistoryMiddleware(lambda _request: None).get_context(request)
    assert context["url"] == "/comptes/mot-de-passe/nouveau/…/"
