"""What waits for those who moderate."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from support.forum.reading import topics_for, unanswered
from support.models import ForumPost, ForumReader, ForumReport, ForumTopic

PATIENCE = timedelta(days=2)  # a question nobody answered is then shown to support
MOST = 50


@dataclass(frozen=True, slots=True)
class Queue:
    reported: list[ForumPost]
    waiting: list[ForumTopic]
    hidden: list[ForumPost]
    readers: list[ForumReader]


def queue(user: User) -> Queue:
    """The oldest first, as many as a page holds."""
    posts = ForumPost.objects.select_related("topic", "by")
    hidden = posts.filter(hidden_at__isnull=False).select_related("hidden_by")
    readers = ForumReader.objects.restricted(timezone.localdate())
    return Queue(
        reported=list(reported_posts()[:MOST]),
        waiting=list(unanswered(topics_for(user)).order_by("opened_at", "pk")[:MOST]),
        hidden=list(hidden.order_by("-hidden_at", "-pk")[:MOST]),
        readers=list(readers.select_related("user", "restricted_by").order_by("user")[:MOST]),
    )


def reported_posts() -> QuerySet[ForumPost]:
    """Those with a report that nobody settled, the first reported first."""
    standing = ForumReport.objects.filter(settled_at__isnull=True).select_related("by")
    first = standing.order_by().values("post")
    return (
        ForumPost.objects.filter(pk__in=first)
        .select_related("topic", "by")
        .prefetch_related(Prefetch("reports", queryset=standing, to_attr="standing"))
        .order_by("at", "pk")
    )


def count_reported() -> int:
    standing = ForumReport.objects.filter(settled_at__isnull=True)
    return standing.values("post").distinct().count()


def count_waiting() -> int:
    """Questions that nobody answered for two days."""
    rows = unanswered(ForumTopic.objects.shown())
    return rows.filter(opened_at__lt=timezone.now() - PATIENCE).count()
