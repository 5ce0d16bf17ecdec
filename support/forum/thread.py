"""A topic as one person reads it: a page of its posts, the solution first, what they may do."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404

from accounts.models import User
from establishments.perimeter import Action
from support.forum.reading import topics_for
from support.models import ForumFollow, ForumPost, ForumReport, ForumTopic, ForumVote
from support.models.forum_post import ForumPostQuerySet
from support.services.forum.rules import why_read_only
from support.services.forum.solutions import may_choose

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A post, and what this person may do of it."""

    post: ForumPost
    is_own: bool
    may_edit: bool

    @property
    def is_hidden(self) -> bool:
        return bool(self.post.hidden_at is not None)


@dataclass(frozen=True, slots=True)
class Thread:
    topic: ForumTopic
    page: Page[ForumPost]
    messages: list[Message]
    solution: Message | None
    is_followed: bool
    may_moderate: bool
    may_choose: bool
    saved: str
    read_only: str

    @property
    def may_answer(self) -> bool:
        is_open = self.may_moderate or self.topic.closed_at is None
        return is_open and not self.read_only


def topic_of(user: User, pk: int) -> ForumTopic:
    """With all that a line of a list says; hidden or merged, it does not exist."""
    found: ForumTopic | None = topics_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def post_of(user: User, pk: int) -> ForumPost:
    """A post that this person reads: hidden, only who moderates does."""
    rows = ForumPost.objects.filter(topic__in=ForumTopic.objects.visible_to(user).values("pk"))
    if not user.may(Action.FORUM_MODERATE):
        rows = rows.shown()
    found: ForumPost | None = rows.select_related("topic__theme", "by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def thread_of(user: User, topic: ForumTopic, number: Any) -> Thread:
    page = Paginator(_posts(user, topic), PER_PAGE).get_page(number)
    solution = _posts(user, topic).filter(solution_at__isnull=False).first()
    last = ForumPost.objects.filter(topic=topic.pk, by=user).order_by("-at").first()
    read_only = why_read_only(user)
    return Thread(
        topic=topic,
        page=page,
        messages=[_message(user, one) for one in page.object_list],
        solution=_message(user, solution) if solution and page.number == 1 else None,
        is_followed=ForumFollow.objects.filter(user=user, topic=topic.pk).exists(),
        may_moderate=user.may(Action.FORUM_MODERATE),
        may_choose=may_choose(user, topic) and not read_only,
        saved=str(last.token) if last else "",
        read_only=read_only,
    )


def page_of(post: ForumPost) -> int:
    """The page of its topic where a post stands."""
    if post.is_question:
        return 1
    before = Q(is_question=True) | Q(at__lt=post.at) | Q(at=post.at, pk__lt=post.pk)
    return ForumPost.objects.filter(before, topic=post.topic_id).count() // PER_PAGE + 1


def _posts(user: User, topic: ForumTopic) -> ForumPostQuerySet:
    votes = ForumVote.objects.filter(post=OuterRef("pk"), user=user)
    reports = ForumReport.objects.filter(post=OuterRef("pk"), settled_at__isnull=True)
    rows: ForumPostQuerySet = ForumPost.objects.filter(topic=topic.pk).in_order()
    return (
        rows.select_related("by", "image", "solution_by", "hidden_by")
        .defer("image__content")
        .annotate(
            votes_count=Count("votes"),
            is_voted=Exists(votes),
            is_reported=Exists(reports),
        )
    )


def _message(user: User, post: ForumPost) -> Message:
    return Message(post, post.by_id == user.pk, post.is_edited_by(user))
