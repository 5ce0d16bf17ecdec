"""What the tests of the pages of a flu season share."""

import csv
import io

from django.test import Client

PAGE = "/dispostock/vaccins/grippe/demande/"


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def rows_of(answer):
    content = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def asked_last_season(world, doses=90):
    return world.ask(world.orleans, doses, campaign=world.past, now=world.before)
