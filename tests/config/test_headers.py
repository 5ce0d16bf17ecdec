"""What every answer carries, whatever went wrong; the same on real workers by `make audit`."""

import pytest
from django.test import Client
from django.urls import path, reverse

from config.urls import *  # noqa: F403
from config.urls import urlpatterns as real_urls
from establishments.access import public

pytestmark = pytest.mark.django_db


@public
def broken(request):
    raise ValueError


urlpatterns = [path("broken/", broken), *real_urls]


def page(client):
    return client.get("/comptes/connexion/")


def asked_who_one_is(client):
    return client.get(reverse("plage:people"))


def moved(client):
    return client.get("/cgu")


def nowhere(client):
    return client.get("/nulle-part/")


def failure(client):
    return client.get("/broken/")


def no_token(client):
    return Client(enforce_csrf_checks=True).post(reverse("account_login"), {})


def wrong_method(client):
    return client.post("/cgu/")


def foreign_host(client):
    return client.get("/", HTTP_HOST="evil.example")


def static_file(client):
    return client.get("/static/css/app.css")


def no_static_file(client):
    return client.get("/static/css/nothing.css")


def health(client):
    return client.get("/sante/")


def machine(client):
    return client.get("/api/v1/stocks")


def document(client):
    return client.get("/api/v1/openapi.json")


def robots(client):
    return client.get("/robots.txt")


def applications(client):
    return client.get(reverse("idp:oidc:configuration"))


ANSWERS = [
    page, asked_who_one_is, moved, nowhere, failure, no_token, wrong_method, foreign_host,
    static_file, no_static_file, health, machine, document, robots, applications,
]  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Request-Id": "",
}


def lacking(response, wanted=HEADERS):
    return [
        name
        for name, value in wanted.items()
        if not response.get(name) or value not in response.get(name)
    ]


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_carries_them(answer, settings):
    settings.ROOT_URLCONF = __name__
    response = answer(Client(raise_request_exception=False))
    assert lacking(response) == []
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "Server" not in response.headers
    response.close()


def test_maintenance_carries_them_too(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.touch()
    response = Client().get("/")
    assert response.status_code == 503
    assert lacking(response) == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", "testserver:x"],
)
def test_another_host_is_refused_on_every_way_in(client, host):
    for url in ("/", reverse("account_login"), reverse("account_reset_password"), "/api/v1/stocks"):
        assert client.get(url, HTTP_HOST=host).status_code == 400


def test_a_host_told_by_a_proxy_is_not_believed(client):
    response = client.get(reverse("account_login"), HTTP_X_FORWARDED_HOST="evil.example")
    assert (response.status_code, b"evil.example" in response.content) == (200, False)
