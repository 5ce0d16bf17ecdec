"""What every page is: sound HTML, a title of its own, no style nor script inside, safe headers."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import PASSWORD, make_person, make_user
from tests.html_rules import assert_sound_html, html_faults, page_title

PUBLIC = [
    "home",
    "sitemap",
    "accessibility",
    "legal_notice",
    "personal_data",
    "cookies",
    "terms",
    "open_data",
    "support:hub",
    "support:guides",
    "support:questions",
    "steering:indicators",
    "steering:stats",
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
OWN = [
    "home",
    "sitemap",
    "account_email",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
    "account_reauthenticate",
    "account_change_password",
]
NEW_PASSWORD = "Inventaire-du-lundi-8h"
TEMPLATES = Path(settings.BASE_DIR, "templates")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_sound(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_sound_html(response)


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_ones_account_is_sound(client_for, name):
    response = client_for("OIE").get(reverse(name))
    assert response.status_code == 200
    assert_sound_html(response)


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_adding_a_second_factor_is_sound(client, name):
    client.force_login(make_user())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_sound_html(response)


def test_public_pages_have_titles_of_their_own(client):
    titles = [page_title(client.get(reverse(name)).content.decode()) for name in PUBLIC]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", ["home", "account_login", "terms"])
def test_a_page_carries_the_strict_policy_and_forbids_frames(client, name):
    response = client.get(reverse(name))
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_static_file_carries_the_policy_too(client):
    response = client.get("/static/css/app.css")
    assert response.status_code == 200
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Request-Id"]
    response.close()


def test_a_page_of_a_person_is_never_stored(client_for):
    assert client_for("OIE").get("/")["Cache-Control"] == "no-store, private"


def test_the_answer_to_a_logout_is_not_stored_either(client_for):
    response = client_for("OIE").post(reverse("account_logout"))
    assert response["Cache-Control"] == "no-store, private"


def test_a_foreign_host_is_refused_with_the_policy(client):
    response = client.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_after_login_one_stays_on_this_host(client, target):
    user = make_user()
    response = client.post(
        reverse("account_login"),
        {"login": user.email, "password": PASSWORD, "next": target},
    )
    assert response.status_code == 302
    assert response["Location"] in (reverse("home"), reverse("access"))


def test_logging_out_by_get_only_asks(client_for):
    client = client_for("OIE")
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("account_email")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/cgu/", "/sante/", "/robots.txt"])
def test_a_page_that_only_reads_refuses_to_be_posted(client, path):
    assert client.post(path).status_code == 405


def test_no_template_holds_a_style_a_script_or_a_handler():
    inline = re.compile(
        r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\b(src|application/json))"""
    )
    wrong = [
        f"{path.relative_to(TEMPLATES)} : {found.group(0)!r}"
        for path in TEMPLATES.rglob("*.html")
        for found in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_every_template_compiles():
    for path in TEMPLATES.rglob("*.html"):
        name = str(path.relative_to(TEMPLATES))
        if not name.startswith(("forms/", "django/")):
            get_template(name)


def test_a_page_reads_the_profiles_in_two_queries(client_for, count_queries, client):
    client.force_login(make_person("USR"))
    session_and_user, profiles = 2, 1  # nobody's habilitations to read beside
    assert count_queries(reverse("terms")) == session_and_user + profiles


@pytest.mark.parametrize("name", [*PUBLIC, *OWN])
def test_reading_a_page_writes_nothing(client, name):
    client.force_login(make_person("OIE"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(name))
    written = [one["sql"] for one in queries if re.match("(?i)insert|update|delete", one["sql"])]
    assert [sql for sql in written if "django_session" not in sql] == []


def test_a_message_is_announced_once(client_for):
    client = client_for("OIE")
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post(reverse("account_change_password"), form, follow=True)
    page = response.content.decode()
    assert page.count('role="status"') == 1
    assert 'role="status"' not in client.get("/cgu/").content.decode()


def test_a_visitor_costs_no_query(client, count_queries):
    assert count_queries(reverse("terms")) == 0


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="#">x</a>', "nulle part"),
        ('<a href="">x</a>', "nulle part"),
        ('<a href="/x"></a>', "sans nom"),
        ('<p id="a"></p><p id="a"></p>', "en double"),
        ('<p style="color:red"></p>', "style"),
        ('<p onclick="x()"></p>', "gestionnaire"),
        ("<script>x()</script>", "script"),
        ('<img src="/x.png">', "sans alt"),
        ('<img src="https://evil.example/x.png" alt="">', "tiers"),
        ('<label for="nowhere">x</label>', "absent"),
        ('<form method="post"></form>', "CSRF"),
        ("<h3>x</h3>", "suit"),
        ("<div><p></div>", "ferme"),
    ],
)
def test_the_rules_of_html_see_each_fault(html, fault):
    page = f"<!DOCTYPE html><html lang='fr'><title>a — b</title><h1>a</h1>{html}</html>"
    assert any(fault in found for found in html_faults(page)), html_faults(page)


def test_the_rules_of_html_let_a_sound_page_pass():
    page = "<!DOCTYPE html><html lang='fr'><title>a — b</title><h1>a</h1><a href='/x'>x</a></html>"
    assert html_faults(page) == []


def test_a_form_included_alone_is_given_its_token():
    texts = {str(one.relative_to(TEMPLATES)): one.read_text() for one in TEMPLATES.rglob("*.html")}
    alone = re.compile(r'{% include "([^"]+)"([^%]*) only %}')
    wrong = [
        f"{name} : {included}"
        for name, text in texts.items()
        for included, given in alone.findall(text)
        if "{% csrf_token %}" in texts[included] and "csrf_token=csrf_token" not in given
    ]
    assert wrong == []
