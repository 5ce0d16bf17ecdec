"""What support changes of a topic: its title and theme, its place, its end. Locks: the topics."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.services import record
from support.forum.indexing import index
from support.models import ForumFollow, ForumTheme, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.rules import check_moderator, clean_title, locked_topic


@transaction.atomic
def describe_topic(*, by: User, topic: ForumTopic, title: str, theme: ForumTheme) -> ForumTopic:
    """Give it another title, or move it to another theme."""
    check_moderator(by)
    found = locked_topic(topic.pk)
    before = {"title": found.title, "theme": str(found.theme)}
    found.title, found.theme = clean_title(title), theme
    after = {"title": found.title, "theme": str(theme)}
    if before == after:
        return found
    found.save(update_fields=["title", "theme"])
    index(found.pk)
    record("support.topic_moved", by=by, target=found, topic=found.pk, before=before, after=after)
    return found


@transaction.atomic
def pin_topic(*, by: User, topic: ForumTopic, is_pinned: bool) -> ForumTopic:
    """At the head of the lists, or no more."""
    check_moderator(by)
    found = locked_topic(topic.pk)
    if found.is_pinned != is_pinned:
        found.is_pinned = is_pinned
        found.save(update_fields=["is_pinned"])
        verb = "pinned" if is_pinned else "unpinned"
        record(f"support.topic_{verb}", by=by, target=found, topic=found.pk)
    return found


@transaction.atomic
def close_topic(*, by: User, topic: ForumTopic) -> ForumTopic:
    """Nobody answers any more but those who moderate; it is still read and found."""
    check_moderator(by)
    found = locked_topic(topic.pk)
    if found.closed_at is None:
        found.closed_at, found.closed_by = timezone.now(), by
        found.save(update_fields=["closed_at", "closed_by"])
        record("support.topic_closed", by=by, target=found, topic=found.pk)
    return found


@transaction.atomic
def reopen_topic(*, by: User, topic: ForumTopic) -> ForumTopic:
    check_moderator(by)
    found = locked_topic(topic.pk)
    if found.closed_at is not None:
        found.closed_at = found.closed_by = None
        found.save(update_fields=["closed_at", "closed_by"])
        record("support.topic_reopened", by=by, target=found, topic=found.pk)
    return found


@transaction.atomic
def merge_topics(*, by: User, topic: ForumTopic, into: ForumTopic) -> ForumTopic:
    """Bring all the posts of ``topic`` into another: its question becomes one more post there.

    Its address leads to the other from now on; whoever followed it follows the other. The
    solution of the other stays; without one, that of ``topic`` comes with its post.
    """
    check_moderator(by)
    first, second = sorted((topic.pk, into.pk))
    held = {pk: locked_topic(pk) for pk in (first, second)}
    source, target = held[topic.pk], held[into.pk]
    if source.pk == target.pk:
        raise ForumError("Choisissez un autre sujet\u00a0: celui-ci est déjà celui-là.")
    if target.posts.filter(solution_at__isnull=False).exists():
        source.posts.filter(solution_at__isnull=False).update(solution_at=None, solution_by=None)
    source.posts.update(topic=target, is_question=False)
    _bring_followers(source, target)
    source.merged_into, source.is_pinned = target, False
    source.save(update_fields=["merged_into", "is_pinned"])
    target.last_post_at = max(source.last_post_at, target.last_post_at)
    target.save(update_fields=["last_post_at"])
    index(target.pk)
    record("support.topic_merged", by=by, target=target, topic=target.pk, before=source.title)
    return target


def _bring_followers(source: ForumTopic, target: ForumTopic) -> None:
    already = target.follows.values_list("user", flat=True)
    source.follows.exclude(user__in=list(already)).update(topic=target)
    ForumFollow.objects.filter(topic=source).delete()
