"""Open a page of quotas and read it."""

from django.test import Client
from django.urls import reverse

from tests.html_rules import assert_sound_html


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def read(client, name, *args, status=200, **query):
    response = client.get(reverse(f"orders:{name}", args=args), query)
    assert response.status_code == status
    if status == 200:
        assert_sound_html(response)
    return (
        response.content.decode()
        .replace("\u202f", " ")
        .replace("&nbsp;", " ")
        .replace("\u00a0", " ")
    )
