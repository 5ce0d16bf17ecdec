"""An application logs people in here: what it learns, and until when."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.identity.watch import end_groundless, forget_tokens
from accounts.models import Profile, SignOn
from accounts.services.profiles import revoke_habilitation
from tests.accounts.identity_steps import BACK, ISSUER, Relying, make_application, one_key, told
from tests.builders import PASSWORD, make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings):
    settings.OIDC_KEYS = one_key()
    settings.OIDC_ISSUER = ISSUER


@pytest.fixture
def site(db):
    return make_establishment(name="EHPAD Les Glycines")


@pytest.fixture
def browser(site):
    person = make_person("GF", on=site)
    client = Client()
    client.force_login(person)
    client.user = person
    return client


def test_an_application_learns_who_entered_under_which_profile(browser, site):
    visit = Relying(make_application(), browser)
    tokens = visit.enter()

    claims = visit.claims(tokens["id_token"])
    assert claims["sub"] == str(browser.user.public_id)
    assert claims["nonce"] == visit.nonce
    assert claims["email"] == browser.user.email
    assert claims["email_verified"] is True
    assert claims["profil"] == {
        "finess": site.finess,
        "nom": str(site),
        "type": "ET",
        "region": site.region_id,
    }
    assert claims["roles"] == ["GF"]
    assert claims["habilitations"] == [{"domaine": "dispostock", "role": "declarant"}]
    person = visit.person(tokens["access_token"]).json()
    assert person["sub"] == claims["sub"]
    assert person["roles"] == ["GF"]


def test_the_answer_brings_back_the_state_and_names_who_speaks(browser):
    visit = Relying(make_application(), browser)
    answer = told(visit.authorize())
    assert answer["state"] == visit.state
    assert answer["iss"] == ISSUER


def test_an_application_that_asks_for_less_learns_less(browser):
    visit = Relying(make_application(), browser)
    claims = visit.claims(visit.enter(scope="openid")["id_token"])
    assert not {"email", "name", "profil", "roles"} & set(claims)


def test_the_discovery_page_says_what_we_do_and_no_more(client):
    told_us = client.get(f"{reverse('idp:oidc:configuration')}").json()
    assert told_us["issuer"] == ISSUER
    assert told_us["response_types_supported"] == ["code"]
    assert told_us["code_challenge_methods_supported"] == ["S256"]
    assert told_us["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert "device_authorization_endpoint" not in told_us
    assert told_us["token_endpoint"] == f"http://testserver{reverse('idp:oidc:token')}"


def test_the_issuer_does_not_follow_the_host_of_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.get(reverse("idp:oidc:configuration"), headers={"host": "attacker.example"})
    assert "attacker" not in answer.text


def test_with_several_profiles_one_is_chosen_first(browser):
    other = make_establishment(name="EHPAD Les Tilleuls")
    make_person("GF", on=other, user=browser.user)
    visit = Relying(make_application(), browser)
    response = visit.authorize()
    assert response["Location"].startswith(f"{reverse('profiles:choose')}?next=%2Fidentite%2F")

    chosen = Profile.objects.get(user=browser.user, establishment=other)
    asked = f"{reverse('idp:oidc:authorization')}?{response['Location'].partition('?next=')[2]}"
    browser.post(reverse("profiles:use"), {"profile": chosen.pk, "next": asked})
    claims = visit.claims(visit.enter()["id_token"])
    assert claims["profil"]["finess"] == other.finess


def test_the_choice_of_a_profile_leads_back_to_the_application(browser):
    other = make_establishment()
    make_person("GF", on=other, user=browser.user)
    visit = Relying(make_application(), browser)
    page = browser.get(visit.authorize()["Location"])
    chosen = Profile.objects.get(user=browser.user, establishment=other)
    response = browser.post(
        reverse("profiles:use"), {"profile": chosen.pk, "next": page.context["next"]}
    )
    assert told(browser.get(response["Location"]))["code"]


@pytest.mark.parametrize(
    ("rule", "code", "enters"),
    [
        ({"actions": ["acc.self"]}, "USR", True),
        ({"actions": ["med.read"]}, "GF", True),
        ({"actions": ["med.read"]}, "OIE", False),
        ({"actions": ["med.read"]}, "USR", False),
        ({"roles": ["GF", "APE"]}, "GF", True),
        ({"roles": ["APE"]}, "GF", False),
        ({"actions": ["if.get"]}, "SPF", True),
    ],
)
def test_each_application_says_who_may_enter(rule, code, enters):
    client = Client()
    client.force_login(make_person(code))
    response = Relying(make_application(**rule), client).authorize()
    assert response.status_code == (302 if enters else 403)
    if not enters:
        assert "Accès refusé à Agora" in response.text
        assert not SignOn.objects.exists()


def test_an_application_of_others_asks_first(browser):
    visit = Relying(make_application(is_ours=False), browser)
    page = visit.authorize()
    assert "Entrer dans Agora" in page.text
    form = {
        "request": page.context["form"].initial["request"],
        "profile": browser.user.active_profile.pk,
        "scopes": ["profile"],
    }
    url = reverse("idp:oidc:authorization")
    assert told(browser.post(url, form | {"action": "cancel"}))["error"] == "access_denied"
    code = told(browser.post(url, form | {"action": "grant"}))["code"]
    claims = visit.claims(visit.redeem(code).json()["id_token"])
    assert "name" in claims
    assert not {"email", "profil"} & set(claims)


def test_the_form_of_consent_is_for_whom_it_was_shown_to(browser):
    page = Relying(make_application(is_ours=False), browser).authorize()
    other = Client()
    other.force_login(make_person("GF"))
    form = {"request": page.context["form"].initial["request"], "action": "grant"}
    assert other.post(reverse("idp:oidc:authorization"), form).status_code == 400


def test_a_silent_question_gets_an_answer_and_never_a_page(browser):
    application = make_application()
    assert told(Relying(application, browser).authorize(prompt="none"))["code"]
    visitor = told(Relying(application, Client()).authorize(prompt="none"))
    assert visitor["error"] == "login_required"
    closed = make_application(roles=["APE"])
    assert told(Relying(closed, browser).authorize(prompt="none"))["error"] == "access_denied"


def test_an_old_proof_of_identity_is_asked_again(browser):
    visit = Relying(make_application(), browser)
    response = visit.authorize(max_age="0")
    assert response["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("age", ["²", "٣", "9" * 5000])
def test_an_age_that_is_no_number_of_seconds_asks_for_nothing(browser, age):
    response = Relying(make_application(), browser).authorize(max_age=age)
    assert response["Location"].startswith(f"{BACK}?code=")


def test_a_refresh_token_serves_once_and_a_second_time_ends_all(browser):
    visit = Relying(make_application(), browser)
    first = visit.enter()
    second = visit.refresh(first["refresh_token"])
    assert second.status_code == 200

    assert visit.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert visit.refresh(second.json()["refresh_token"]).json()["error"] == "invalid_grant"
    assert visit.person(second.json()["access_token"]).status_code == 401


def end_session(browser):
    browser.post(reverse("account_logout"))


def end_account(browser):
    browser.user.is_active = False
    browser.user.save()


def change_password(browser):
    browser.user.set_password("Une-autre-phrase-2026!")
    browser.user.save()


def end_right(browser):
    right = browser.user.active_profile.rights[0]
    revoke_habilitation(right, by=None)


def end_profile(browser):
    Profile.objects.filter(user=browser.user).update(state=Profile.State.SUSPENDED)


@pytest.mark.parametrize(
    "happens", [end_session, end_account, change_password, end_right, end_profile]
)
def test_tokens_end_with_what_they_were_given_for(browser, happens):
    visit = Relying(make_application(actions=["med.read"]), browser)
    tokens = visit.enter()
    assert visit.person(tokens["access_token"]).status_code == 200
    happens(browser)
    assert visit.person(tokens["access_token"]).status_code == 401
    assert visit.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_choosing_another_profile_leaves_the_application_under_its_own(browser, site):
    visit = Relying(make_application(), browser)
    tokens = visit.enter()
    other = make_establishment()
    make_person("GF", on=other, user=browser.user)
    chosen = Profile.objects.get(user=browser.user, establishment=other)
    browser.post(reverse("profiles:use"), {"profile": chosen.pk})
    assert visit.person(tokens["access_token"]).json()["profil"]["finess"] == site.finess


def test_giving_a_refresh_token_back_ends_the_whole_entry(browser):
    visit = Relying(make_application(), browser)
    tokens = visit.enter()
    assert visit.post("revoke", {"token": tokens["refresh_token"]}).status_code == 200
    assert visit.person(tokens["access_token"]).status_code == 401


def test_what_lost_its_ground_is_ended_in_the_minute(browser):
    visit = Relying(make_application(), browser)
    visit.enter()
    end_groundless(0)
    assert SignOn.objects.living().count() == 1
    end_session(browser)
    end_groundless(0)
    assert SignOn.objects.living().count() == 0


def test_what_ended_is_forgotten_after_a_month(browser):
    visit = Relying(make_application(), browser)
    visit.enter()
    SignOn.objects.update(ended_at=timezone.now() - timedelta(days=29))
    forget_tokens(0)
    assert SignOn.objects.count() == 1
    SignOn.objects.update(ended_at=timezone.now() - timedelta(days=31))
    forget_tokens(0)
    assert not SignOn.objects.exists()


def test_the_name_of_a_person_is_the_same_after_everything_changed(browser):
    application = make_application()
    before = Relying(application, browser)
    first = before.claims(before.enter()["id_token"])["sub"]
    browser.user.email = "autre@ch.example"
    browser.user.username = "autre.nom"
    browser.user.save()
    after = Relying(application, browser)
    assert after.claims(after.enter()["id_token"])["sub"] == first
    assert str(make_user().public_id) != first


def test_who_has_just_proved_who_they_are_is_not_asked_for_ever(browser):
    visit = Relying(make_application(), browser)
    asked = visit.authorize(max_age="0")["Location"]
    back = browser.post(asked, {"password": PASSWORD})["Location"]
    assert told(browser.get(back))["code"]


def test_a_new_secret_of_the_deployment_puts_nobody_out(browser, settings):
    visit = Relying(make_application(), browser)
    tokens = visit.enter()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the deployment, long enough for everybody"
    assert visit.person(tokens["access_token"]).status_code == 200
    assert browser.get(reverse("profiles:list")).status_code == 200
    assert visit.person(tokens["access_token"]).status_code == 200
    assert SignOn.objects.get().session.session_key == browser.session.session_key
