"""Which answer solved the question: its author says so, or whoever moderates. Locks: the topic.

It is an act of who writes: put in read-only, an author no longer says it.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from support.models import ForumPost, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.rules import check_writer, locked_topic


def may_choose(user: User, topic: ForumTopic) -> bool:
    """Whether this person says which answer is the solution."""
    return bool(topic.opened_by_id == user.pk or user.may(Action.FORUM_MODERATE))


@transaction.atomic
def mark_solution(*, by: User, post: ForumPost) -> ForumPost:
    """One answer, instead of the former; the same again changes nothing."""
    topic, found = _choosing(by, post)
    if found.is_question or found.hidden_at is not None:
        raise ForumError("La solution est une des réponses affichées.")
    if found.solution_at is not None:
        return found
    topic.posts.filter(solution_at__isnull=False).update(solution_at=None, solution_by=None)
    found.solution_at, found.solution_by = timezone.now(), by
    found.save(update_fields=["solution_at", "solution_by"])
    record("support.solution_marked", by=by, target=topic, topic=topic.pk, post=found.pk)
    return found


@transaction.atomic
def unmark_solution(*, by: User, post: ForumPost) -> ForumPost:
    """Undo it: the question is open again."""
    topic, found = _choosing(by, post)
    if found.solution_at is None:
        return found
    found.solution_at = found.solution_by = None
    found.save(update_fields=["solution_at", "solution_by"])
    record("support.solution_unmarked", by=by, target=topic, topic=topic.pk, post=found.pk)
    return found


def _choosing(by: User, post: ForumPost) -> tuple[ForumTopic, ForumPost]:
    check_writer(by)
    topic = locked_topic(post.topic_id)
    if not may_choose(by, topic):
        raise ForumError("Qui a posé la question dit quelle réponse la résout.")
    return topic, ForumPost.objects.get(pk=post.pk)
