"""What tests of the pages of orders share."""

from django.test import Client


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    """Its words, no-break spaces as plain ones."""
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def filled(form, **fields):
    """What a browser sends of a form as it was shown, with what is typed over it."""
    shown = {one.name: one.value() for one in form}
    return {name: "" if value is None else value for name, value in shown.items()} | fields
