"""What a person reads of a page and sends to it."""

from django.test import Client
from django.urls import reverse


def page_of(user, url, **query):
    client = Client()
    client.force_login(user)
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def post(user, name, pk=None, **data):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"steering:{name}", args=[pk] if pk else []), data)


def main(page):
    return page.split("<main")[1].split("</main")[0]
