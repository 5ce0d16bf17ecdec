"""One's own account: its pages, one's names and telephone, what happened to it, one's data."""

import io
import json
import zipfile

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.devices import describe_device
from accounts.models import SignOn, User
from accounts.own_data import parts_of
from accounts.services.account import change_identity
from journal.models import Entry
from tests.accounts.identity_steps import make_application
from tests.builders import PASSWORD, make_person, make_user
from tests.codes import totp_code
from tests.config.test_typography import faults
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NAMES = {"first_name": "Camille", "last_name": "Martin", "phone": "02 38 00 00 00"}


def log_in(person, agent=FIREFOX, password=PASSWORD):
    client = Client(HTTP_USER_AGENT=agent)
    client.post(reverse("account_login"), {"login": person.email, "password": password})
    return client


@pytest.fixture
def person():
    return make_person("OIE")


@pytest.fixture
def client(person):
    return log_in(person)


PAGES = [
    "own_home",
    "own_identity",
    "own_history",
    "own_data",
    "own_closing",
    "account_email",
    "account_change_password",
    "usersessions_list",
    "mfa_index",
]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_ones_account_are_sound(client, name):
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert_sound_html(page)
    assert "placeholder" not in page.text


@pytest.mark.parametrize("name", ["forgotten_identifier", "forgotten_identifier_done"])
def test_the_pages_of_a_forgotten_identifier_are_sound(name):
    assert_sound_html(Client().get(reverse(name)))


def test_the_account_leads_to_each_of_its_pages(client):
    page = client.get(reverse("own_home")).text
    for name in PAGES:
        assert f'href="{reverse(name)}"' in page


def test_names_and_telephone_are_changed_told_and_journaled(client, person):
    assert client.post(reverse("own_identity"), NAMES).url == reverse("own_home")
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.phone) == tuple(NAMES.values())
    entry = Entry.objects.get(verb="account.identity_changed")
    assert entry.by == person
    assert entry.details["after"]["last_name"] == "Martin"


def test_the_same_names_again_change_and_tell_nothing(client, person):
    for _ in range(2):
        client.post(reverse("own_identity"), NAMES)
    assert Entry.objects.filter(verb="account.identity_changed").count() == 1
    assert not change_identity(User.objects.get(pk=person.pk), **NAMES)


def test_other_fields_of_a_forged_form_are_ignored(client, person):
    forged = NAMES | {"email": "other@ch.example", "is_superuser": "on", "username": "root"}
    client.post(reverse("own_identity"), forged)
    after = User.objects.get(pk=person.pk)
    assert (after.email, after.username, after.is_superuser) == (
        person.email,
        person.username,
        False,
    )


@pytest.mark.parametrize("phone", ["12", "02380000", "+33", "zéro deux"])
def test_a_telephone_that_is_not_one_is_refused_with_a_sentence(client, phone):
    page = client.post(reverse("own_identity"), NAMES | {"phone": phone})
    assert "dix chiffres" in page.text
    assert not Entry.objects.filter(verb="account.identity_changed").exists()


def test_the_history_names_the_device_and_counts_the_failures_of_others(client, person):
    log_in(person, password="wrong password")
    log_in(make_user(), password="wrong password")
    page = client.get(reverse("own_history")).text
    assert "Firefox sur Windows" in page
    assert page.count("Mot de passe refusé") == 1


def test_the_history_takes_as_many_queries_for_one_line_as_for_thirty(
    client, person, django_assert_max_num_queries
):
    for _ in range(30):
        Entry.objects.create(verb="account.logged_in", by=person, target=person.username)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("own_history"))
    assert "Page suivante" in page.text


def test_what_befell_the_former_owner_of_an_identifier_is_not_shown(client, person):
    Entry.objects.create(verb="account.logged_in", target=person.username, address="10.9.8.7")
    person.date_joined = timezone.now()
    person.save()
    assert "10.9.8.7" not in client.get(reverse("own_history")).text
    assert "10.9.8.7" not in str(parts_of(person))


def test_a_browser_is_named_in_plain_words():
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"
    assert describe_device(phone) == "Safari sur iPhone"
    assert describe_device(edge) == "Edge sur Windows"
    assert describe_device("curl/8") == "Appareil inconnu"


def test_one_session_is_ended_and_it_is_harmless_to_ask_twice(client, person):
    other = log_in(person)
    number = UserSession.objects.order_by("-pk").first().pk
    for sentence in ("La session est fermée.", "Cette session était déjà fermée."):
        page = client.post(reverse("usersessions_list"), {"session": number}, follow=True)
        assert sentence in page.text
    assert other.get(reverse("profiles:list")).status_code == 302
    assert client.get(reverse("profiles:list")).status_code == 200


def test_all_the_others_are_ended_at_once(client, person):
    others = [log_in(person) for _ in range(2)]
    page = client.post(reverse("usersessions_list"), follow=True)
    assert "2 sessions sont fermées." in page.text
    assert [one.get(reverse("profiles:list")).status_code for one in others] == [302, 302]


def test_somebody_elses_session_is_not_ones_to_end(client):
    stranger = log_in(make_person("GF"))
    number = UserSession.objects.order_by("-pk").first().pk
    client.post(reverse("usersessions_list"), {"session": number})
    assert stranger.get(reverse("profiles:list")).status_code == 200


def test_the_list_of_sessions_takes_the_same_queries_whatever_their_number(
    client, person, count_queries
):
    with_one = count_queries(reverse("usersessions_list"))
    for _ in range(5):
        log_in(person)
    assert count_queries(reverse("usersessions_list")) <= with_one


def test_a_new_password_ends_the_other_sessions(client, person):
    other = log_in(person)
    new = "un nouveau mot de passe 2026"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    assert client.get(reverse("profiles:list")).status_code == 200
    assert other.get(reverse("profiles:list")).status_code == 302
    assert UserSession.objects.filter(user=person).count() == 1
    assert Entry.objects.filter(verb="account.password_changed", by=person).exists()


def test_a_changed_second_factor_ends_the_other_sessions_and_says_so(client, person):
    other = log_in(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    TOTP.activate(person, generate_totp_secret())
    page = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "Vos autres sessions sont fermées" in page.text
    assert client.get(reverse("profiles:list")).status_code == 200
    assert other.get(reverse("profiles:list")).status_code == 302


@pytest.mark.parametrize("change", ["mfa_activate_totp", "mfa_generate_recovery_codes"])
def test_a_new_second_factor_ends_the_other_sessions(
    client, person, change, django_capture_on_commit_callbacks
):
    other = log_in(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    if change == "mfa_generate_recovery_codes":
        TOTP.activate(person, generate_totp_secret())
    client.get(reverse(change))
    secret = client.session.get(SECRET_SESSION_KEY, "")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse(change), {"code": totp_code(secret)})
    assert client.get(reverse("profiles:list")).status_code == 200
    assert other.get(reverse("profiles:list")).status_code == 302
    assert "Vos autres connexions ouvertes sont fermées." in mail.outbox[-1].body


def test_wrong_present_passwords_count_as_wrong_logins(client, person):
    form = {"oldpassword": "wrong", "password1": "x" * 14, "password2": "x" * 14}
    for _ in range(5):
        client.post(reverse("account_change_password"), form)
    login = {"login": person.email, "password": PASSWORD}
    assert "Trop d’essais manqués" in Client().post(reverse("account_login"), login).text
    cache.clear()


def test_the_data_hold_everything_and_no_secret(client, person):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("own_data"))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(archive.read("mes-donnees.json"))
    assert data["Compte"][0]["Adresse électronique"] == person.email
    assert data["Habilitations"][0]["Rôle"] == "Opérateur d’inventaire EPI"
    assert {"Profils", "Sessions ouvertes", "Journal", "Demandes"} <= set(data)
    page = archive.read("mes-donnees.html").decode()
    assert person.email in page
    person.refresh_from_db()
    for secret in (person.password, client.cookies["session"].value):
        assert secret not in page + json.dumps(data)
    assert Entry.objects.filter(verb="account.data_exported", by=person).exists()


def test_the_data_hold_what_was_told_by_other_services_and_to_other_applications(person):
    person.socialaccount_set.create(
        provider="proconnect", uid="1", extra_data={"userinfo": {"siret": "130 000 000"}}
    )
    SignOn.objects.create(
        user=person, application=make_application(), authenticated_at=timezone.now()
    )
    told = {part.title: part.rows for part in parts_of(person)}
    assert "130 000 000" in told["Identités reliées"][0][-1]
    assert told["Applications ouvertes"][0][0] == "Agora"
    assert not any("réseau" in kind for kind, _ in told["Ailleurs dans le service"])


def test_the_data_are_given_after_the_password_only(client):
    answer = client.post(reverse("own_data"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))


def ask_identifier(email):
    mail.outbox.clear()
    answer = Client().post(reverse("forgotten_identifier"), {"email": email})
    return answer, mail.outbox[-1] if mail.outbox else None


def test_a_forgotten_identifier_is_answered_alike_and_sent_to_the_address_alone(person):
    known, letter = ask_identifier(person.email.upper())
    unknown, other = ask_identifier("nobody@ch.example")
    assert known.status_code == unknown.status_code == 302
    assert known.url == unknown.url == reverse("forgotten_identifier_done")
    assert person.username in letter.body
    assert letter.to == [person.email]
    assert "Aucun compte" in other.subject
    assert faults(letter.body) == faults(other.body) == []


def test_a_forgotten_identifier_is_not_asked_for_without_end(person):
    answers = [ask_identifier(person.email)[0].status_code for _ in range(7)]
    assert answers == [302] * 5 + [200] * 2
    cache.clear()


def test_a_changed_address_is_told_to_the_former_one(client, person):
    former = person.email
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    mail.outbox.clear()
    client.post(reverse("account_email"), {"action_add": "", "email": "neuve@ch.example"})
    code = next(line for line in mail.outbox[-1].body.splitlines() if "-" in line or line.isupper())
    client.post(reverse("account_email_verification_sent"), {"code": code.strip()})
    person.refresh_from_db()
    assert person.email == "neuve@ch.example"
    assert any(message.to == [former] for message in mail.outbox)
    assert Entry.objects.filter(verb="account.email_changed", by=person).exists()


@pytest.mark.parametrize(
    ("name", "current"),
    [
        ("own_home", "Mon compte"),
        ("own_history", "Historique du compte"),
        ("mfa_index", "Second facteur"),
        ("own_closing", "Fermer mon compte"),
    ],
)
def test_the_breadcrumb_names_the_page_of_the_account_and_leads_back(client, name, current):
    client.force_login(make_user())
    page = client.get(reverse(name)).text
    trail = page[page.index("app-fil") :].partition("</nav>")[0]
    assert f'aria-current="page">{current}</a>' in trail
    assert (f'href="{reverse("own_home")}"' in trail) == (name != "own_home")
