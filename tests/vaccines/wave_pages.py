"""How the tests of the pages of waves ask for them, and read the answers."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.text.replace("\u00a0", " ").replace("&nbsp;", " ")


def content_of(answer):
    return re.search(r'name="content" value="([^"]+)"', answer.text)[1]


def report_of(answer):
    return re.search(r'name="report" value="([^"]+)"', answer.text)[1]


def typed(world, **more):
    now = timezone.localtime()
    return {
        "label": "Vague 1",
        "vaccine": world.vaccine.pk,
        "delivers_on": f"{world.day():%Y-%m-%d}",
        "needs_due_at": f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}",
    } | more
