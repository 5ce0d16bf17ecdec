"""What a person writes: a question, an answer, a correction.

Locks: the person, then the topic.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.photos import Drawn
from establishments.perimeter import Action
from journal.services import record
from support.forum.announcing import announce
from support.forum.indexing import index
from support.forum.signature import signature_of
from support.models import ForumFollow, ForumImage, ForumPost, ForumRead, ForumTheme, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.rules import (
    check_pace,
    check_writer,
    clean_text,
    clean_title,
    locked_topic,
    take_turn,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a form holds; ``token`` is that of the form, ``follows``: told of what comes after."""

    text: str
    token: uuid.UUID
    image: Drawn | None = None
    follows: bool = True


@transaction.atomic
def open_topic(
    *, by: User, theme: ForumTheme, title: str, written: Written, now: datetime | None = None
) -> ForumTopic:
    """Ask a question; sent twice, one topic."""
    take_turn(by)
    if already := _already(by, written):
        return already.topic
    check_writer(by)
    if not ForumTheme.objects.open().filter(pk=theme.pk).exists():
        raise ForumError("Ce thème est archivé\u00a0: choisissez-en un autre.")
    kept = clean_title(title)
    now = now or timezone.now()
    topic = ForumTopic.objects.create(
        theme=theme, title=kept, opened_by=by, opened_at=now, last_post_at=now
    )
    post = _write(by, topic, written, now, is_question=True)
    record("support.topic_opened", by=by, target=topic, topic=topic.pk, theme=str(theme))
    announce(post)
    return topic


@transaction.atomic
def answer(
    *, by: User, topic: ForumTopic, written: Written, now: datetime | None = None
) -> ForumPost:
    """Answer; sent twice, one answer. Whoever moderates may also answer a closed topic."""
    take_turn(by)
    found = locked_topic(topic.pk)
    if already := _already(by, written):
        return already
    check_writer(by)
    if found.closed_at is not None and not by.may(Action.FORUM_MODERATE):
        raise ForumError(
            "Ce sujet vient d’être clos. Pour une autre question, ouvrez un nouveau sujet."
        )
    if not ForumTopic.objects.visible_to(by).filter(pk=found.pk).exists():
        raise ForumError("Cette question n’est plus affichée\u00a0: on n’y répond plus.")
    now = now or timezone.now()
    post = _write(by, found, written, now, is_question=False)
    ForumTopic.objects.filter(pk=found.pk).update(last_post_at=now)
    record("support.post_written", by=by, target=found, topic=found.pk, post=post.pk)
    announce(post)
    return post


@transaction.atomic
def edit_post(
    *, by: User, post: ForumPost, text: str, title: str = "", now: datetime | None = None
) -> ForumPost:
    """Correct what one wrote, for a day; the title too, when it is one's question."""
    topic = locked_topic(post.topic_id)
    found = ForumPost.objects.get(pk=post.pk)
    check_writer(by)
    if not found.is_edited_by(by):
        raise ForumError(
            "Un message se corrige pendant 24 heures, par la personne qui l’a écrit. "
            "Écrivez plutôt un nouveau message."
        )
    kept = clean_text(text)
    renamed = clean_title(title) if found.is_question else topic.title
    if (kept, renamed) == (found.text, topic.title):
        return found
    found.text, found.edited_at = kept, now or timezone.now()
    found.save(update_fields=["text", "edited_at"])
    if renamed != topic.title:
        topic.title = renamed
        topic.save(update_fields=["title"])
    index(topic.pk)
    record("support.post_edited", by=by, target=topic, topic=topic.pk, post=found.pk)
    return found


def _already(by: User, written: Written) -> ForumPost | None:
    rows = ForumPost.objects.filter(by=by, token=written.token)
    found: ForumPost | None = rows.select_related("topic").first()
    return found


def _write(
    by: User, topic: ForumTopic, written: Written, now: datetime, *, is_question: bool
) -> ForumPost:
    text = clean_text(written.text)
    check_pace(by)
    signed = signature_of(by)
    post = ForumPost.objects.create(
        topic=topic,
        is_question=is_question,
        text=text,
        by=by,
        entity=signed.entity,
        role=signed.role,
        badge=signed.badge,
        at=now,
        token=written.token,
    )
    if written.image is not None:
        image = written.image
        ForumImage.objects.create(
            post=post, content=image.content, width=image.width, height=image.height
        )
    if written.follows:
        ForumFollow.objects.get_or_create(user=by, topic=topic)
    ForumRead.objects.update_or_create(user=by, topic=topic, defaults={"read_at": now})
    index(topic.pk)
    return post
