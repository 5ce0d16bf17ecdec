"""The days of a message, in words."""

from datetime import date

from django.utils import timezone

from common.weeks import PARIS
from steering.models import Message


def days_sentence(message: Message, today: date | None = None) -> str:
    """« À appliquer dès aujourd’hui. À faire avant le 27/11/2026. »; empty without days."""
    today = today or timezone.localdate()
    said = []
    if message.apply_on:
        is_now = message.apply_on <= today
        is_new = message.sent_at is None or message.sent_at.astimezone(PARIS).date() == today
        when = f"À appliquer à partir du {message.apply_on:%d/%m/%Y}."
        said.append("À appliquer dès aujourd’hui." if is_now and is_new else when)
    if message.due_on:
        said.append(f"À faire avant le {message.due_on:%d/%m/%Y}.")
    return " ".join(said)
