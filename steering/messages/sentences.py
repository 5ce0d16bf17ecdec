"""The days of a message, in words."""

from datetime import date

from django.utils import timezone

from steering.models import Message


def apply_sentence(message: Message, today: date | None = None) -> str:
    """« À appliquer dès aujourd’hui. »; empty without such a day."""
    today = today or timezone.localdate()
    if message.apply_on is None:
        return ""
    if message.apply_on == today:
        return "À appliquer dès aujourd’hui."
    when = "depuis" if message.apply_on < today else "à partir du"
    article = " le" if message.apply_on < today else ""
    return f"À appliquer {when}{article} {message.apply_on:%d/%m/%Y}."


def days_sentence(message: Message, today: date | None = None) -> str:
    """« À appliquer dès aujourd’hui. À faire avant le 27/11/2026. »; empty without days."""
    due = f"À faire avant le {message.due_on:%d/%m/%Y}." if message.due_on else ""
    return " ".join(filter(None, [apply_sentence(message, today), due]))
