"""Pro Santé Connect and ProConnect log people in: whom, when, and what they do not do."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from joserfc import jwk

from accounts.models import User
from config.settings import identity
from journal.models import Entry
from tests.accounts.identity_service import CLIENT, SECRET, Service
from tests.builders import PASSWORD, make_establishment, make_legal_entity, make_person, make_user
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
LINK = "/comptes/identites/relier/"


def configure(settings, monkeypatch, name, prefix, *, signs):
    service = Service(signs=signs)
    monkeypatch.setenv(f"{prefix}_CLIENT_ID", CLIENT)
    monkeypatch.setenv(f"{prefix}_CLIENT_SECRET", SECRET)
    monkeypatch.setenv(f"{prefix}_SERVER_URL", service.url)
    monkeypatch.setenv(f"{prefix}_ORIGINS", service.url)
    settings.WAYS_IN = identity.ways_in()
    settings.SOCIALACCOUNT_PROVIDERS = identity.providers(settings.WAYS_IN)
    service.name = name
    return service


@pytest.fixture
def psc(settings, monkeypatch):
    service = configure(settings, monkeypatch, "pro-sante-connect", "PSC", signs=False)
    service.person = {"given_name": "Camille", "family_name": "Test"}
    yield service
    service.stop()


@pytest.fixture
def proconnect(settings, monkeypatch):
    service = configure(settings, monkeypatch, "proconnect", "PROCONNECT", signs=True)
    service.person = {"given_name": "Camille", "usual_name": "Test", "email": "c@ch.example"}
    yield service
    service.stop()


def go(client, service, **changes):
    """Leave for the service, say yes there, come back."""
    leaving = client.post(reverse("way_in", args=[service.name]))
    assert leaving["Location"].startswith(f"{service.url}/authorize?")
    back = service.accept(leaving["Location"])
    for name, value in changes.items():
        back += f"&{name}={value}"
    return client.get(back.removeprefix("http://testserver"))


def log_in(client, user):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": LINK}
    )


def linked(service, user):
    """A client whose account has the identity of the service."""
    client = Client()
    go(client, service)
    assert log_in(client, user)["Location"] == LINK
    client.post(LINK)
    assert SocialAccount.objects.get(user=user).provider == service.name
    client.post(reverse("account_logout"))
    return Client()


def is_in(client, user):
    return client.session.get("_auth_user_id") == str(user.pk)


def test_nothing_is_offered_when_nothing_is_set(client):
    assert "service national" not in client.get(reverse("account_login")).text
    assert client.post(reverse("way_in", args=["proconnect"])).status_code == 404


def test_what_is_set_is_offered_and_the_form_may_lead_there(client, psc):
    page = client.get(reverse("account_login"))
    assert_sound_html(page)
    assert "Se connecter avec Pro Santé Connect" in page.text
    assert "ProConnect" not in page.text.replace("Pro Santé Connect", "")
    assert psc.url in page["Content-Security-Policy"]


def test_the_service_is_asked_for_proof_with_a_nonce_and_a_challenge(client, psc):
    go(client, psc)
    assert psc.asked["acr_values"] == "eidas1"
    assert psc.asked["code_challenge_method"] == "S256"
    assert len(psc.asked["nonce"]) > 30
    assert set(psc.asked["scope"].split()) == {"openid", "scope_all"}


def test_a_visitor_cannot_lower_what_is_asked(client, psc):
    url = f"{reverse('way_in', args=[psc.name])}?auth_params=acr_values%3Dnone&scope=more"
    leaving = client.post(url)["Location"]
    assert "acr_values=eidas1" in leaving
    assert "none" not in leaving
    assert "more" not in leaving


def test_a_link_from_elsewhere_sends_nobody_to_the_service(client, psc):
    response = client.get(reverse("way_in", args=[psc.name]))
    assert response["Location"] == reverse("account_login")


def test_an_unknown_identity_opens_nothing_and_makes_no_account(client, proconnect):
    make_user(email="c@ch.example")
    response = go(client, proconnect)
    assert (
        response["Location"]
        == f"{reverse('account_login')}?next=%2Fcomptes%2Fidentites%2Frelier%2F"
    )
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert "_auth_user_id" not in client.session


def test_the_identity_is_linked_once_the_account_is_proved_and_the_person_agrees(
    client, psc, mailoutbox
):
    user = make_user()
    go(client, psc)
    log_in(client, user)
    page = client.get(LINK)
    assert_sound_html(page)
    assert "Camille Test" in page.text
    assert not SocialAccount.objects.exists()
    client.post(LINK)
    assert SocialAccount.objects.get().user == user
    assert Entry.objects.filter(verb="account.way_in_added", by=user).exists()
    assert "Pro Santé Connect a été relié à votre compte" in mailoutbox[-1].body


def test_from_then_on_the_service_opens_the_account(psc):
    user = make_user()
    client = linked(psc, user)
    go(client, psc)
    assert is_in(client, user)


def test_an_identity_is_of_one_account_only(psc):
    linked(psc, make_user())
    other, client = make_user(), Client()
    client.force_login(other)
    go(client, psc)
    client.post(LINK)
    assert not SocialAccount.objects.filter(user=other).exists()


def test_an_address_that_is_of_another_account_links_nothing(client, proconnect):
    make_user(email="c@ch.example")
    go(client, proconnect)
    log_in(client, make_user())
    client.post(LINK)
    assert not SocialAccount.objects.exists()


def test_an_account_whose_address_is_not_verified_links_nothing(client, psc):
    user = make_user()
    go(client, psc)
    log_in(client, user)
    user.emailaddress_set.update(verified=False)
    client.post(LINK)
    assert not SocialAccount.objects.exists()


def test_without_a_fresh_log_in_the_password_is_asked_before_linking(client, psc):
    client.force_login(make_user())
    assert go(client, psc)["Location"] == LINK
    assert client.get(LINK)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(LINK)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"acr": "eidas0"},
        {"acr": None},
        {"iss": "https://attacker.example"},
        {"aud": "another-client"},
        {"sub": "f:service:2"},
        {"exp": 1},
    ],
)
@pytest.mark.parametrize("name", ["psc", "proconnect"])
def test_an_answer_that_is_not_to_our_question_opens_nothing(request, name, lie):
    service = request.getfixturevalue(name)
    client = linked(service, make_user())
    service.lies = lie
    response = go(client, service)
    assert response["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    assert Entry.objects.filter(verb="account.way_in_failed").exists()


def test_an_answer_signed_by_somebody_else_opens_nothing(psc):
    client = linked(psc, make_user())
    psc.key = jwk.RSAKey.generate_key(2048, {"kid": "service-1"})
    go(client, psc)
    assert "_auth_user_id" not in client.session


def test_proconnect_must_sign_what_it_says_of_the_person(proconnect):
    client = linked(proconnect, make_user())
    proconnect.signs = False
    go(client, proconnect)
    assert "_auth_user_id" not in client.session


def test_an_answer_in_the_name_of_another_service_opens_nothing(psc):
    client = linked(psc, make_user())
    go(client, psc, iss="https://attacker.example")
    assert "_auth_user_id" not in client.session


def test_an_answer_nobody_asked_for_opens_nothing(psc):
    client = linked(psc, make_user())
    leaving = Client().post(reverse("way_in", args=[psc.name]))
    back = psc.accept(leaving["Location"]).removeprefix("http://testserver")
    client.get(back)
    assert "_auth_user_id" not in client.session


def test_unlinking_closes_that_way_in(psc, mailoutbox):
    user = make_user()
    client = linked(psc, user)
    go(client, psc)
    page = client.get(reverse("socialaccount_connections"))
    assert_sound_html(page)
    number = SocialAccount.objects.get().pk
    stranger = Client()
    stranger.force_login(make_user())
    stranger.post(reverse("socialaccount_connections"), {"account": number})
    assert SocialAccount.objects.exists()
    client.post(reverse("socialaccount_connections"), {"account": number})
    assert not SocialAccount.objects.exists()
    assert Entry.objects.filter(verb="account.way_in_removed", by=user).exists()
    assert "n’est plus relié" in mailoutbox[-1].body


def practice(*places):
    """Places as Pro Santé Connect tells them, one exercice."""
    told = [
        {
            "raisonSocialeSite": name,
            "numeroFinessSite": site,
            "numeroFinessetablissementJuridique": entity,
        }
        for name, site, entity in places
    ]
    return {"SubjectRefPro": {"exercices": [{"codeProfession": "21", "activities": told}]}}


def test_the_only_profile_where_one_works_is_the_one_in_use(psc):
    site = make_establishment()
    person = make_person("GF", on=site)
    make_person("GF", on=make_establishment(), user=person)
    client = linked(psc, person)
    psc.person |= practice((site.name, site.finess, site.legal_entity.finess))
    landing = go(client, psc)
    assert client.get(landing["Location"])["Location"] == reverse("home")
    profile = person.profiles.get(establishment=site)
    assert client.session["profile"] == profile.pk

    other = person.profiles.exclude(pk=profile.pk).get()
    client.post(reverse("profiles:use"), {"profile": other.pk})
    assert client.get(landing["Location"]).status_code == 200  # a link shows, and changes nothing
    assert client.session["profile"] == other.pk


def test_a_place_without_profile_is_offered_to_be_asked_for(psc):
    entity = make_legal_entity()
    site, person = make_establishment(entity), make_user()
    client = linked(psc, person)
    psc.person |= practice(
        (site.name, site.finess, ""), ("Cabinet", "", ""), ("Ailleurs", "12", None)
    )
    page = client.get(go(client, psc)["Location"])
    assert_sound_html(page)
    assert reverse("profiles:ask_place", args=[site.finess]) in page.text
    assert page.text.count('id="activity-') == 1


def test_a_profile_on_the_legal_entity_counts_for_its_sites(psc):
    entity = make_legal_entity()
    person = make_person("APE", on=entity)
    client = linked(psc, person)
    site = make_establishment(entity)
    psc.person |= practice((site.name, site.finess, ""))
    page = client.get(go(client, psc)["Location"])
    assert page["Location"] == reverse("home")


@pytest.mark.parametrize(
    "told",
    [
        {"SubjectRefPro": None},
        {"SubjectRefPro": []},
        {"SubjectRefPro": {"exercices": {}}},
        {"SubjectRefPro": {"exercices": [None, {"activities": "x"}, {"activities": [1]}]}},
        {"siret": "12"},
    ],
)
def test_what_is_not_written_as_expected_stops_nobody(psc, told):
    user = make_user()
    client = linked(psc, user)
    psc.person |= told
    go(client, psc)
    assert is_in(client, user)


def test_proconnect_gives_the_employer_by_its_siret(proconnect):
    site = make_establishment(siret="26450009000011")
    person = make_person("GF", on=site)
    client = linked(proconnect, person)
    proconnect.person |= {"siret": "26450009000011"}
    page = client.get(go(client, proconnect)["Location"])
    assert page["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("name", "acr", "spared"),
    [
        ("psc", "eidas1", True),
        ("proconnect", "eidas1", False),
        ("proconnect", "eidas2", True),
        ("proconnect", "https://proconnect.gouv.fr/assurance/consistency-checked-2fa", True),
    ],
)
def test_two_factors_checked_by_the_service_spare_ours(request, settings, name, acr, spared):
    service = request.getfixturevalue(name)
    person = make_person("GF", on=make_establishment())
    client = linked(service, person)
    settings.SECOND_FACTOR = "everyone"
    service.lies = {"acr": acr}
    go(client, service)
    home = client.get(reverse("home"))
    assert (home.status_code == 200) is spared
    if not spared:
        assert home["Location"] == reverse("mfa_index")


def test_the_proof_of_one_person_does_not_serve_another(settings, psc):
    person = make_person("GF", on=make_establishment())
    client = linked(psc, person)
    settings.SECOND_FACTOR = "everyone"
    go(client, psc)
    other = make_person("GF", on=make_establishment())
    session = client.session
    proof = session["identity_proof"]
    client.force_login(other)
    session = client.session
    session["identity_proof"] = proof
    session.save()
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")
