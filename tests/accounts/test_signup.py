"""Opening an account, and finding one's way back into it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.forms import SignupForm
from accounts.models import User
from tests.builders import PASSWORD, make_person, make_user

pytestmark = pytest.mark.django_db

PERSON = {
    "first_name": "Zoé",
    "last_name": "Le Goff",
    "email": "zoe.legoff@ch.example",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def sign_up(client=None, **fields):
    return (client or Client()).post(reverse("account_signup"), PERSON | fields)


def code_of(message):
    """The code of a mail stands alone on its line."""
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE)[1]


def type_code(client, code):
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def test_an_account_opens_once_the_code_sent_by_mail_is_typed():
    client = Client()
    response = sign_up(client)
    assert response["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email=PERSON["email"])
    assert (user.username, user.get_full_name()) == ("zoe.le-goff", "Zoé Le Goff")
    assert "_auth_user_id" not in client.session
    assert type_code(client, "WRONG1").status_code == 200
    assert "_auth_user_id" not in client.session
    landing = type_code(client, code_of(mail.outbox[0]))
    assert landing["Location"] == reverse("access")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "Il manque une étape" in client.get(landing["Location"]).content.decode()


def test_the_mail_names_the_product():
    sign_up()
    assert mail.outbox[0].subject.startswith("[Stocks Santé] ")
    assert "testserver" not in mail.outbox[0].body


def test_signing_up_tells_nobody_that_an_account_exists():
    make_user(username="zoe.le-goff", email=PERSON["email"])
    known, unknown = Client(), Client()
    answers = [sign_up(known), sign_up(unknown, email="other@ch.example")]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    pages = [client.get(answers[0]["Location"]) for client in (known, unknown)]
    texts = [
        re.sub(r"zoe\.legoff@|other@|value=\"[^\"]*\"|[0-9a-f]{12}", "", page.content.decode())
        for page in pages
    ]
    assert texts[0] == texts[1]
    assert User.objects.filter(email=PERSON["email"]).count() == 1
    assert [message.to for message in mail.outbox] == [[PERSON["email"]], ["other@ch.example"]]


def test_a_second_person_of_the_same_name_gets_another_identifier():
    sign_up()
    sign_up(email="zoe2@ch.example")
    assert re.fullmatch(r"zoe\.le-goff\d{3}", User.objects.get(email="zoe2@ch.example").username)


def test_a_form_posted_twice_at_once_makes_one_account(monkeypatch):
    make_user(email=PERSON["email"])
    found = [(PERSON["email"], False), (PERSON["email"], True)]

    def seen_too_early(form, email):
        email, form.account_already_exists = found.pop(0)
        return email

    monkeypatch.setattr(SignupForm, "validate_unique_email", seen_too_early)
    assert sign_up()["Location"] == reverse("account_email_verification_sent")
    assert User.objects.filter(email=PERSON["email"]).count() == 1


@pytest.mark.parametrize("password", ["court-2026!", "motdepasse", "123456789012", "zoe.legoff@ch"])
def test_a_short_common_or_personal_password_is_refused(password):
    response = sign_up(password1=password, password2=password)
    assert response.status_code == 200
    assert "fr-error-text" in response.content.decode()
    assert not User.objects.filter(email=PERSON["email"]).exists()


def test_two_accounts_cannot_share_an_address_whatever_the_case():
    make_user(email="one@ch.example")
    with pytest.raises(IntegrityError):
        User.objects.create(username="two", email="One@ch.example")


def test_an_identifier_cannot_be_an_address():
    with pytest.raises(IntegrityError):
        User.objects.create(username="one@ch.example", email="two@ch.example")


def ask_reset(email):
    return Client().post(reverse("account_reset_password"), {"email": email})


def link_of(message):
    return re.search(r"http://testserver(/comptes/mot-de-passe/nouveau/\S+/)", message.body)[1]


def test_a_forgotten_password_is_chosen_again_by_a_link_that_serves_once():
    user = make_user()
    ask_reset(user.email)
    link, client = link_of(mail.outbox[0]), Client()
    form = client.get(link)
    new = {"password1": "Une-phrase-bien-longue", "password2": "Une-phrase-bien-longue"}
    client.post(form["Location"], new)
    user.refresh_from_db()
    assert user.check_password(new["password1"])
    assert Client().get(link).status_code == 200
    assert 'name="password1"' not in Client().get(link).content.decode()


def test_the_link_of_a_forgotten_password_lasts_72_hours(monkeypatch):
    user = make_user()
    ask_reset(user.email)
    link = link_of(mail.outbox[0])
    for hours, is_open in ((71, True), (73, False)):
        later = timezone.make_naive(timezone.now()) + timedelta(hours=hours)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, at=later: at)
        assert (Client().get(link).status_code == 302) is is_open


def test_forgetting_tells_nobody_that_an_account_exists():
    user = make_user()
    answers = [ask_reset(user.email), ask_reset("nobody@ch.example")]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    assert len(mail.outbox) == 2


def test_a_new_password_closes_the_other_sessions():
    user = make_person("OIE")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    new = "Une-phrase-bien-longue"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert here.get(reverse("profiles:list")).status_code == 200
    assert elsewhere.get(reverse("profiles:list")).status_code == 302


def change_address(user, address):
    """Ask for another address: the password is asked again, then the code sent there."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    asked = client.post(reverse("account_email"), {"email": address, "action_add": ""})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    answer = type_code(client, code_of(mail.outbox[-1]))
    user.refresh_from_db()
    return answer


def test_an_address_is_replaced_once_the_new_one_is_verified():
    user = make_person("OIE")
    change_address(user, "new@ch.example")
    assert user.email == "new@ch.example"
    assert [one.email for one in user.emailaddress_set.all()] == ["new@ch.example"]


def test_an_address_that_another_account_waits_to_verify_changes_nothing():
    other, user = make_user(), make_person("OIE")
    former = user.email
    other.emailaddress_set.update(verified=False)
    assert change_address(user, other.email).status_code < 500
    assert user.email == former


@pytest.mark.parametrize("name", ["account_signup", "account_change_password"])
def test_what_a_password_must_be_is_said_in_one_sentence(client, name):
    if name == "account_change_password":
        client.force_login(make_user())
    page = client.get(reverse(name)).text
    assert page.count("Douze caractères au moins") == 1
    assert "Votre mot de passe ne peut pas" not in page


def test_names_stand_on_one_line_wherever_they_are_typed(client):
    sign_up(first_name="Zoé\r\nBcc: x@y.example", last_name="Le \xa0 Goff")
    user = User.objects.get(email=PERSON["email"])
    assert (user.first_name, user.last_name) == ("Zoé Bcc: x@y.example", "Le Goff")
    client.force_login(user)
    typed = {"first_name": "Zoé", "last_name": "Le\u202e Goff", "phone": ""}
    assert "caractères invisibles" in client.post(reverse("own_identity"), typed).text
    user.refresh_from_db()
    assert user.last_name == "Le Goff"
