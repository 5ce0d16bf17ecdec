"""The messages that a search over the whole platform finds."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from common.search import Group, Hit
from common.templatetags.presentation import day
from steering.messages.reading import readers_of, received_by
from steering.models import Message

MOST = 5
ORDER = 50


def message_group(user: User, words: str) -> list[Group]:
    """Those received under the profile in use, the last first; withdrawn ones say so."""
    words = words.replace("\x00", "").strip()
    if not words or not readers_of(user):
        return []
    rows = list(received_by(user).search(words)[: MOST + 1])  # type: ignore[attr-defined]
    if not rows:
        return []
    hits = [_hit(one) for one in rows[:MOST]]
    query = urlencode({"recherche": words, "etat": "tous"})
    more = f"{reverse('steering:messages')}?{query}" if len(rows) > MOST else ""
    return [Group("Messages", hits, more, "Tous les messages trouvés" if more else "", ORDER)]


def _hit(message: Message) -> Hit:
    state = "retiré" if message.is_withdrawn else ""
    detail = ", ".join(filter(None, [message.reference, day(message.sent_at), state]))
    return Hit(message.title, reverse("steering:message", args=[message.pk]), detail)
