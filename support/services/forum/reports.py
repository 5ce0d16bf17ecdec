"""A post that somebody reports, and what support does of it. Locks: the topic."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.services import record
from support.forum.indexing import index
from support.forum.letters import tell_hidden, tell_shown
from support.models import ForumPost, ForumReport
from support.services.forum.errors import ForumError
from support.services.forum.rules import (
    check_moderator,
    check_pace,
    check_writer,
    clean_reason,
    locked_topic,
)

Outcome = ForumReport.Outcome


@transaction.atomic
def report_post(*, by: User, post: ForumPost, reason: str, note: str = "") -> ForumReport:
    """Tell support; the same person again adds nothing while it was not settled."""
    check_writer(by)
    if reason not in ForumReport.Reason.values:
        raise ForumError("Choisissez ce qui ne va pas dans ce message.")
    topic = locked_topic(post.topic_id)
    found: ForumReport | None = ForumReport.objects.filter(
        post=post, by=by, settled_at__isnull=True
    ).first()
    if found is not None:
        return found
    check_pace(by)
    report = ForumReport.objects.create(
        post=post,
        by=by,
        at=timezone.now(),
        reason=reason,
        note=note.replace("\x00", "").strip()[:500],
    )
    record(
        "support.post_reported",
        by=by,
        target=topic,
        topic=topic.pk,
        post=post.pk,
        kind=str(report.get_reason_display()),
    )
    return report


@transaction.atomic
def keep_post(*, by: User, post: ForumPost) -> None:
    """It was looked at, and stays: its reports are settled."""
    check_moderator(by)
    topic = locked_topic(post.topic_id)
    count = _settle(by, post, Outcome.KEPT)
    if count:
        record(
            "support.reports_dismissed",
            by=by,
            target=topic,
            topic=topic.pk,
            post=post.pk,
            count=count,
        )


@transaction.atomic
def hide_post(*, by: User, post: ForumPost, reason: str) -> ForumPost:
    """Only moderators read it from now on; its author is told why. With a question, its topic."""
    check_moderator(by)
    topic = locked_topic(post.topic_id)
    found: ForumPost = ForumPost.objects.select_related("by", "topic").get(pk=post.pk)
    if found.hidden_at is not None:
        return found
    found.hidden_reason = clean_reason(reason, "pourquoi vous masquez ce message")
    found.hidden_at, found.hidden_by = timezone.now(), by
    found.solution_at = found.solution_by = None
    found.save()
    _settle(by, found, Outcome.HIDDEN)
    index(topic.pk)
    tell_hidden(found)
    record(
        "support.post_hidden",
        by=by,
        target=topic,
        topic=topic.pk,
        post=found.pk,
        reason=found.hidden_reason,
    )
    return found


@transaction.atomic
def show_post(*, by: User, post: ForumPost) -> ForumPost:
    """Show again what was hidden; its author is told."""
    check_moderator(by)
    topic = locked_topic(post.topic_id)
    found: ForumPost = ForumPost.objects.select_related("by", "topic").get(pk=post.pk)
    if found.hidden_at is None:
        return found
    found.hidden_at = found.hidden_by = None
    found.hidden_reason = ""
    found.save()
    index(topic.pk)
    tell_shown(found)
    record("support.post_shown", by=by, target=topic, topic=topic.pk, post=found.pk)
    return found


def _settle(by: User, post: ForumPost, outcome: str) -> int:
    rows = ForumReport.objects.filter(post=post, settled_at__isnull=True)
    return rows.update(outcome=outcome, settled_at=timezone.now(), settled_by=by)
