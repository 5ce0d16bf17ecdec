"""Requests for assistance in one call each."""

import uuid

from support.models import Subject
from support.services.conversation import Message
from support.services.tickets import Asked, Asker, open_ticket

TEXT = "La page reste blanche depuis ce matin."


def make_subject(slug="panne", service="support", **fields):
    defaults = {"label": f"Sujet {slug}", "service": service, "is_for_visitors": True}
    subject, _ = Subject.objects.get_or_create(slug=slug, defaults=defaults | fields)
    return subject


def make_ticket(by=None, *, service="support", now=None, region=None, asker=None, **asked):
    """Of a person; of a visitor when there is none."""
    subject = asked.pop("subject", None) or make_subject(service, service)
    if by is None and asker is None:
        asker = Asker("visiteur@ch.example", name="Alix", region=region)
    told = Asked(subject, **{"text": TEXT, "title": "Page blanche"} | asked)
    return open_ticket(by=by, asked=told, token=uuid.uuid4(), asker=asker, now=now)


def message(text="Voici une précision.", **fields):
    return Message(text, uuid.uuid4(), **fields)
