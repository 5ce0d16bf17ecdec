"""One's own profiles on screen: their states, the choice, the change."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.middleware import HistoryMiddleware
from accounts.models import Habilitation, Profile
from accounts.services.profiles import revoke_habilitation
from tests.builders import (
    PASSWORD,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)

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


def test_the_history_never_keeps_the_link_that_opens_an_account(rf):
    request = rf.post("/comptes/mot-de-passe/nouveau/3-abc-secret/")
    request.session, request.id, request.user = {}, "1", AnonymousUser()
    context = HistoryMiddleware(lambda _request: None).get_context(request)
    assert context["url"] == "/comptes/mot-de-passe/nouveau/…/"
