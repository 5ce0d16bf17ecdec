"""The mails of the forum: the title and the way there, never the text of a post."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.notices.letters.letter import Letter, day, link, quoted
from accounts.notices.sealed import queue_letter
from support.forum.unfollowing import silence_token, unfollow_token
from support.models import ForumFollow, ForumPost, ForumReader

USEFUL = timedelta(days=7)  # a mail that could not leave by then tells nothing any more
Pace = ForumReader.Pace


def tell_post(post: ForumPost) -> None:
    """Write to each of those who follow, at each message, and did not write it."""
    for follow in _followers(post):
        context = {
            "title": quoted(post.topic.title),
            "theme": quoted(post.topic.theme.title),
            "is_question": post.is_question,
            "author": author_of(post),
            "badge": post.get_badge_display(),
            "what": "ce sujet" if follow.topic_id else "ce thème",
            "link": link("support:forum_post", post.pk),
            "stop": link("support:forum_unfollow", unfollow_token(follow)),
            "choose": link("support:forum_follows"),
        }
        _queue("forum_post", follow.user.email, context)


def tell_digest(reader: ForumReader, now: datetime) -> None:
    """What came since the last one in what they follow, one line a topic; nothing came: no mail."""
    rows = ForumPost.objects.filter(_followed(reader), at__gt=reader.digest_at, at__lte=now)
    posts = rows.of_shown_topics().exclude(by=reader.user_id).order_by("at", "pk")
    if topics := _by_topic(posts.select_related("topic")):
        context = {
            "topics": topics,
            "stop": link("support:forum_unfollow", silence_token(reader)),
            "choose": link("support:forum_follows"),
        }
        _queue("forum_digest", reader.user.email, context)


def tell_hidden(post: ForumPost) -> None:
    context = {
        "title": quoted(post.topic.title),
        "reason": quoted(post.hidden_reason),
        "at": day(post.at),
    }
    _queue("forum_hidden", post.by.email, context)


def tell_shown(post: ForumPost) -> None:
    context = {"title": quoted(post.topic.title), "link": link("support:forum_post", post.pk)}
    _queue("forum_shown", post.by.email, context)


def tell_restricted(reader: ForumReader) -> None:
    context = {
        "until": day(reader.restricted_until),
        "reason": quoted(reader.restricted_reason),
        "link": link("support:forum"),
    }
    _queue("forum_restricted", reader.user.email, context)


def author_of(post: ForumPost) -> str:
    """« Camille Durand, EHPAD Les Tilleuls »."""
    return quoted(", ".join(filter(None, [str(post.by), post.entity])))


def _followers(post: ForumPost) -> Iterable[ForumFollow]:
    """One subscription a person: that of the topic first, which its link then stops."""
    followed = Q(topic=post.topic_id)
    if post.is_question:
        followed |= Q(theme=post.topic.theme_id)
    rows = (
        ForumFollow.objects.filter(followed, user__is_active=True)
        .exclude(user=post.by_id)
        .exclude(user__forum_reader__pace__in=[Pace.DAILY, Pace.NEVER])
        .select_related("user")
        .order_by("topic", "pk")
    )
    return {one.user_id: one for one in reversed(rows)}.values()


def _followed(reader: ForumReader) -> Q:
    follows = ForumFollow.objects.filter(user=reader.user_id)
    topics = follows.filter(topic__isnull=False).values("topic")
    themes = follows.filter(theme__isnull=False).values("theme")
    answers = Q(topic__in=topics, is_question=False)
    return answers | Q(topic__theme__in=themes, is_question=True)


def _by_topic(posts: QuerySet[ForumPost]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for post in posts:
        topic = found.setdefault(
            post.topic_id,
            {
                "title": quoted(post.topic.title),
                "is_new": False,
                "answers": 0,
                "link": link("support:forum_post", post.pk),
            },
        )
        topic["is_new"] |= post.is_question
        topic["answers"] += not post.is_question
    return list(found.values())


def _queue(template: str, to: str, context: dict[str, Any]) -> None:
    queue_letter(Letter(template, to, context), lasts=USEFUL)
