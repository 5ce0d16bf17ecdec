"""What the pages of the forum share: the way back, and the sentence of a refusal."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from common.addresses import fixed_address
from support.models import ForumTopic
from support.services.forum.errors import ForumError

AGORA = "Agora"
Above = list[tuple[str, str]]


def trail(topic: ForumTopic | None = None) -> Above:
    above = [(AGORA, fixed_address("support:forum"))]
    if topic is not None:
        above.append((short(topic.title), topic.get_absolute_url()))
    return above


def short(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:59]}…"


def tried(form: Form, act: Callable[[], Any]) -> Any | None:
    """What the act gives; refused, the form says why and the answer is None."""
    try:
        return act()
    except ForumError as refusal:
        form.add_error(None, str(refusal))
        return None


def done(request: HttpRequest, act: Callable[[], Any], sentence: str) -> bool:
    """Act, and say so; or say why not."""
    try:
        act()
    except ForumError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, sentence)
    return True
