"""The single-use codes that replace the shared « ES-<FINESS> » identifiers."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain, Habilitation, LegacyCode, Profile, Role, User
from accounts.services.legacy import (
    LegacyCodeError,
    claim_legacy_code,
    find_legacy_code,
    finess_of,
    issue_legacy_code,
)
from accounts.services.profiles import end_profile, suspend_profile
from accounts.services.requests import ask_profile
from establishments.perimeter import Action
from journal.models import Entry
from tests.accounts.mailing import deliver
from tests.accounts.test_login import alert_of
from tests.accounts.test_signup import PERSON, code_of, type_code
from tests.builders import (
    PASSWORD,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.locks import before_another
from tests.rights import FILES, INVENTORY

pytestmark = pytest.mark.django_db
CLAIM = "/comptes/es/"


@pytest.fixture
def agent(site):
    return make_person("ARA", on=site.region)


@pytest.fixture
def issued(site, agent):
    return issue_legacy_code(site, by=agent)


def typed(site, text, **fields):
    return {"identifier": f"ES-{site.finess}", "code": text, **fields}


@pytest.mark.parametrize(
    ("text", "finess"),
    [
        ("ES-450990114", "450990114"),
        (" es 45 099 011 4 ", "450990114"),
        ("ES-2A0000014", "2A0000014"),
        ("ES-45", None),
        ("450990114", None),
        ("ESTELLE", None),
    ],
)
def test_a_former_identifier_is_recognised_however_it_is_spaced(text, finess):
    assert finess_of(text) == finess


def test_the_ars_gives_a_code_shown_once_and_kept_as_a_digest(client_for, site):
    client = client_for("ARA", on=site.region)
    url = reverse("legacy_code_issue", args=[site.finess])
    assert "Délivrer un code" in client.get(url).content.decode()
    shown = client.post(url).content.decode()
    text = re.search(r"Code\u00a0: ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})", shown)[1]
    code = LegacyCode.objects.get()
    assert text not in str(LegacyCode.objects.values().get())
    assert code.expires_at - code.issued_at == pytest.approx(
        timedelta(hours=72), abs=timedelta(seconds=5)
    )
    assert text not in client.get(url).content.decode()
    assert f"ES-{site.finess}" in client.get(reverse("legacy_codes")).content.decode()
    entry = Entry.objects.get(verb="account.legacy_code_issued")
    assert (entry.finess, entry.by) == (site.finess, client.user)
    assert text not in str(entry.details)


def test_the_list_leads_to_an_establishment_of_the_territory_only(client_for, site):
    client = client_for("ARA", on=site.region)
    found = client.get(reverse("legacy_codes"), {"finess": site.finess_text})
    assert found["Location"] == reverse("legacy_code_issue", args=[site.finess])
    elsewhere = make_establishment(
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    )
    answer = client.get(reverse("legacy_codes"), {"finess": elsewhere.finess})
    assert "Aucun établissement de votre territoire" in answer.content.decode()
    with pytest.raises(LegacyCodeError, match="territoire"):
        issue_legacy_code(elsewhere, by=client.user)


def test_a_new_code_cancels_the_former(site, agent, issued):
    _, former = issued
    _, latest = issue_legacy_code(site, by=agent)
    with pytest.raises(LegacyCodeError, match="n’est plus valable"):
        find_legacy_code(f"ES-{site.finess}", former)
    assert find_legacy_code(f"ES-{site.finess}", latest.lower().replace("-", " "))


def test_a_code_opens_an_account_whose_profile_waits_for_the_address(site, agent, issued):
    _, text = issued
    client = Client()
    response = client.post(CLAIM, PERSON | typed(site, text))
    assert response["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email=PERSON["email"])
    profile = user.profiles.get()
    assert (profile.establishment, profile.state) == (site, Profile.State.PENDING)
    assert not user.may(Action.EPI_WRITE)

    type_code(client, code_of(mail.outbox[0]))
    user = User.objects.get(pk=user.pk)
    profile.refresh_from_db()
    assert (profile.state, profile.decided_by) == (Profile.State.ACTIVE, agent)
    assert user.may(Action.EPI_WRITE)
    assert list(Entry.objects.filter(by=user).order_by("pk").values_list("verb", "finess")) == [
        ("account.legacy_code_used", site.finess),
        ("account.profile_activated", site.finess),
        ("account.logged_in", ""),
    ]


def test_somebody_logged_in_adds_the_profile_to_their_account(client_for, site, issued):
    code, text = issued
    client = client_for("APE")
    response = client.post(CLAIM, typed(site, text))
    assert response["Location"] == reverse("profiles:list")
    code.refresh_from_db()
    assert code.used_by == client.user
    person = User.objects.get(pk=client.user.pk)
    assert len(person.usable_profiles) == 2
    assert person.may(Action.EPI_WRITE)


def test_a_code_used_twice_says_so_and_what_to_do(client_for, site, issued):
    region = site.region
    region.mailbox = "ars@ars.example"
    region.save()
    _, text = issued
    client_for("APE").post(CLAIM, typed(site, text))
    second = client_for("APE")
    said = alert_of(second.post(CLAIM, typed(site, text)))
    assert "a déjà servi" in said
    assert "Demandez un nouveau code à votre ARS (ars@ars.example)" in said
    assert second.user.profiles.count() == 1


def test_an_expired_code_says_so(client_for, site, issued):
    code, text = issued
    LegacyCode.objects.filter(pk=code.pk).update(expires_at=timezone.now())
    assert "n’est plus valable" in alert_of(client_for("APE").post(CLAIM, typed(site, text)))


def test_an_unknown_establishment_and_a_wrong_code_are_told_alike(client_for, site, issued):
    client = client_for("APE")
    answers = {
        alert_of(client.post(CLAIM, typed(site, "AAAA-BBBB-CCCC"))),
        alert_of(client.post(CLAIM, {"identifier": "ES-750000019", "code": issued[1]})),
    }
    assert len(answers) == 1
    assert "ne vont pas ensemble" in answers.pop()


def test_five_wrong_codes_close_the_identifier_for_a_while(client_for, site, issued):
    for _ in range(5):
        client_for("APE").post(CLAIM, typed(site, "AAAA-BBBB-CCCC"))
    assert "Trop d’essais manqués" in alert_of(
        client_for("APE").post(CLAIM, typed(site, issued[1]))
    )


def test_a_code_does_not_tell_whether_an_account_exists(site, issued):
    make_user(email=PERSON["email"])
    answer = Client().post(CLAIM, PERSON | typed(site, issued[1]))
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert LegacyCode.objects.get().used_at is None


def test_a_code_used_while_one_signs_up_leaves_no_account(site, issued, monkeypatch):
    code, text = issued
    find = find_legacy_code

    def found_then_used_by_another(identifier, text):
        found = find(identifier, text)
        claim_legacy_code(found, by=make_user(), is_verified=True)
        return found

    monkeypatch.setattr("accounts.forms.legacy.find_legacy_code", found_then_used_by_another)
    assert "a déjà servi" in alert_of(Client().post(CLAIM, PERSON | typed(site, text)))
    assert not User.objects.filter(email=PERSON["email"]).exists()
    assert code.establishment.profiles.count() == 1


def test_a_suspended_profile_is_not_opened_by_a_code(site, issued):
    user = make_user()
    suspend_profile(make_profile(user, site), by=None, reason="enquête")
    with pytest.raises(LegacyCodeError, match="suspendu"):
        claim_legacy_code(issued[0], by=user, is_verified=True)


def test_a_code_is_not_spent_on_who_fills_the_inventory_already(site, issued):
    operator = make_person("OIE", on=site)
    with pytest.raises(LegacyCodeError, match="remplissez déjà"):
        claim_legacy_code(issued[0], by=operator, is_verified=True)
    assert LegacyCode.objects.get().used_at is None


def test_a_living_profile_receives_the_role(site, issued):
    ape = make_person("APE", on=site)
    claim_legacy_code(issued[0], by=ape, is_verified=True)
    assert ape.may(Action.EPI_WRITE)
    assert ape.profiles.count() == 1
    assert Habilitation.objects.filter(profile__user=ape, state="active").count() == 2


def test_a_request_that_a_code_answers_is_closed_and_the_person_is_told(site, agent, issued):
    user = make_user()
    request = ask_profile(user, site, [INVENTORY])
    claim_legacy_code(issued[0], by=user, is_verified=True)
    request.refresh_from_db()
    assert (request.outcome, request.decided_by) == ("accepted", agent)
    assert request.reason == f"Par le code ES-{site.finess}."
    entry = Entry.objects.get(verb="account.request_accepted")
    assert entry.details["granted"] == ["Opérateur d’inventaire EPI (EPI-Stocks)"]
    assert [one.subject for one in deliver() if "acceptée" in one.subject]


def test_a_request_that_a_code_answers_in_part_waits_for_the_rest(site, issued):
    user = make_user()
    request = ask_profile(user, site, [INVENTORY, FILES])
    claim_legacy_code(issued[0], by=user, is_verified=True)
    request.refresh_from_db()
    assert request.is_open
    assert not Entry.objects.filter(verb="account.request_accepted").exists()


def test_a_code_of_long_ago_does_not_open_a_profile_asked_for_again(site, agent, issued):
    person = make_user()
    first = claim_legacy_code(issued[0], by=person, is_verified=True)
    end_profile(first, by=agent, reason="A quitté l’établissement.")
    request = ask_profile(person, site, [(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)])
    login = {"login": person.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), login).status_code == 302
    request.profile.refresh_from_db()
    assert request.profile.state == "pending"
    assert request.habilitations.get().state == "pending"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_cannot_use_one_code(site, issued):
    code, _ = issued
    first, second = make_user(), make_user()

    def claim_second():
        claim_legacy_code(code, by=second, is_verified=True)

    with before_another(claim_second, refused=LegacyCodeError) as refusals:
        claim_legacy_code(code, by=first, is_verified=True)
    assert "a déjà servi" in str(refusals[0])
    assert Profile.objects.filter(user=second).count() == 0
    cache.clear()
