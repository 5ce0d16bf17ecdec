"""Themes, topics and posts for the tests of the forum."""

import uuid
from itertools import count

from django.test import Client
from django.utils import timezone

from support.models import ForumTheme
from support.services.forum.posts import Written, answer, open_topic
from tests.builders import make_person, make_user

_numbers = count(1)


def make_theme(**fields):
    number = next(_numbers)
    defaults = {"title": f"Thème {number}", "description": "Ce que l’on y demande."}
    return ForumTheme.objects.create(**defaults | {"position": number} | fields)


def written(text="Je ne trouve pas la page des gants.", **fields):
    return Written(**{"text": text, "token": uuid.uuid4()} | fields)


def make_topic(by=None, *, theme=None, title="Où déclarer les gants ?", now=None, **fields):
    """A question just asked; ``text`` and the other fields are those of what is written."""
    return open_topic(
        by=by or make_user(),
        theme=theme or make_theme(),
        title=title,
        written=written(**fields),
        now=now or timezone.now(),
    )


def make_answer(topic, by=None, *, now=None, **fields):
    fields = {"text": "Dans EPI-Stocks, ligne « Gants »."} | fields
    return answer(by=by or make_user(), topic=topic, written=written(**fields), now=now)


def make_moderator():
    return make_person("SUP")


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def sent(text="Essayez la ligne « Gants ».", **fields):
    """What the form of an answer sends."""
    return {"texte": text, "suivre": "on", "jeton": str(uuid.uuid4())} | fields


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
