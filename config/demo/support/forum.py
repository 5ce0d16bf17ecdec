"""The forum Agora: `/aide/agora/`. What is asked and answered is in ``forum.json``."""

import json
import uuid
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from support.forum.indexing import index
from support.forum.signature import signature_of
from support.models import (
    ForumFollow,
    ForumPost,
    ForumRead,
    ForumReport,
    ForumTheme,
    ForumTopic,
    ForumVote,
)

TOPICS = Path(__file__).with_name("forum.json")
REASON, NOTE = ForumReport.Reason.ELSEWHERE, "Vente de matériel, avec un numéro de téléphone."
REFERENTS = ("support", "national", "omedit")  # they follow every theme
REPORTER = "ars2"


def build_forum() -> None:
    """Two months of questions, written as they would be; nobody is written to."""
    if ForumTopic.objects.exists():
        return
    themes = list(ForumTheme.objects.order_by("position", "pk"))
    now = timezone.now().replace(minute=12, second=0, microsecond=0)
    for rank, asked in enumerate(json.loads(TOPICS.read_text(encoding="utf-8"))):
        _topic(
            themes[asked["theme"] - 1], asked, now - timedelta(days=asked["days"], hours=rank % 7)
        )
    for person in filter(None, map(_person, REFERENTS)):
        follows = [ForumFollow(user=person, theme=theme) for theme in themes]
        ForumFollow.objects.bulk_create(follows)


@cache
def _person(name: str) -> User | None:
    found: User | None = User.objects.filter(email=f"{name}@demo.example").first()
    return found


def _topic(theme: ForumTheme, asked: dict[str, Any], at: datetime) -> None:
    author = _person(asked["who"])
    if author is None:
        return
    topic = ForumTopic.objects.create(
        theme=theme,
        title=asked["title"],
        opened_by=author,
        opened_at=at,
        last_post_at=at,
        is_pinned=asked.get("is_pinned", False),
    )
    _post(topic, asked, at, is_question=True)
    for said in asked["answers"]:
        at = min(at + timedelta(hours=3, minutes=25), timezone.now())
        _post(topic, said, at)
    topic.last_post_at = at
    if asked.get("is_closed"):
        topic.closed_at, topic.closed_by = at, _person("support")
    topic.save()
    index(topic.pk)


def _post(
    topic: ForumTopic, said: dict[str, Any], at: datetime, *, is_question: bool = False
) -> None:
    author = _person(said["who"])
    if author is None:
        return
    signed = signature_of(author)
    is_solution = said.get("is_solution", False)
    post = ForumPost.objects.create(
        topic=topic,
        is_question=is_question,
        text=said["text"],
        by=author,
        entity=signed.entity,
        role=signed.role,
        badge=signed.badge,
        at=at,
        solution_at=at if is_solution else None,
        solution_by=topic.opened_by if is_solution else None,
        token=uuid.uuid4(),
    )
    ForumFollow.objects.get_or_create(user=author, topic=topic)
    ForumRead.objects.update_or_create(user=author, topic=topic, defaults={"read_at": at})
    voters = {_person(name) for name in said.get("useful", [])} - {author, None}
    ForumVote.objects.bulk_create(ForumVote(post=post, user=one) for one in voters)
    if said.get("is_reported"):
        reporter = _person(REPORTER) or topic.opened_by
        ForumReport.objects.create(post=post, by=reporter, at=at, reason=REASON, note=NOTE)
