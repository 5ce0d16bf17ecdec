"""What the lists of the forum show of topics, each person with what they have read of them."""

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from support.models import ForumFollow, ForumPost, ForumRead, ForumReader, ForumTheme, ForumVote
from support.models.forum_topic import ForumTopic, ForumTopicQuerySet

PER_PAGE = 20
VIEWS = (
    ("", "Tous les sujets"),
    ("non-lus", "Non lus"),
    ("mes-questions", "Mes questions"),
    ("suivis", "Suivis"),
    ("sans-reponse", "Sans réponse"),
)
STATES = (
    ("", "Tous les états"),
    ("ouvert", "Ouvert"),
    ("resolu", "Résolu"),
    ("clos", "Clos"),
)


def topics_for(user: User) -> ForumTopicQuerySet:
    """With all that a line of a list says, whatever the number of topics."""
    rows: ForumTopicQuerySet = ForumTopic.objects.visible_to(user)
    questions = ForumPost.objects.filter(topic=OuterRef("pk"), is_question=True)
    votes = ForumVote.objects.filter(post__topic=OuterRef("pk"), post__is_question=True)
    answers = ForumPost.objects.shown().answers().filter(topic=OuterRef("pk"))
    named: ForumTopicQuerySet = with_solved(rows).select_related("theme", "opened_by")
    return named.annotate(
        answers=_count(answers, "topic"),
        too=_count(votes, "post__topic"),
        entity=Subquery(questions.values("entity")[:1]),
        is_hidden=Exists(questions.filter(hidden_at__isnull=False)),
        has_official=Exists(answers.exclude(badge="")),
        is_unread=ExpressionWrapper(_unread(user), BooleanField()),
    )


def of_view(rows: ForumTopicQuerySet, user: User, view: str) -> ForumTopicQuerySet:
    match view:
        case "mes-questions":
            return rows.filter(opened_by=user)
        case "suivis":
            return rows.filter(pk__in=ForumFollow.objects.filter(user=user).values("topic"))
        case "non-lus":
            return rows.filter(is_unread=True)
        case "sans-reponse":
            return unanswered(rows)
    return rows


def of_state(rows: ForumTopicQuerySet, state: str) -> ForumTopicQuerySet:
    match state:
        case "ouvert":
            return rows.filter(closed_at__isnull=True, is_solved=False)
        case "resolu":
            return rows.filter(is_solved=True)
        case "clos":
            return rows.filter(closed_at__isnull=False)
    return rows


def unanswered(rows: ForumTopicQuerySet) -> ForumTopicQuerySet:
    """Open ones to which nobody but their author has written."""
    answers = ForumPost.objects.shown().answers().filter(topic=OuterRef("pk"))
    others = answers.exclude(by=OuterRef("opened_by"))
    return rows.filter(~Exists(others), closed_at__isnull=True)


def themes_for(user: User) -> QuerySet[ForumTheme]:
    """The open themes, with how many topics each holds and whether one follows it."""
    topics = ForumTopic.objects.shown().filter(theme=OuterRef("pk"))
    return ForumTheme.objects.open().annotate(
        count=_count(topics, "theme"),
        is_followed=Exists(ForumFollow.objects.filter(user=user, theme=OuterRef("pk"))),
    )


def answers_to_read(user: User) -> ForumTopicQuerySet:
    """One's own questions where something was written since one read them."""
    rows: ForumTopicQuerySet = ForumTopic.objects.shown()
    return rows.filter(_unread(user), opened_by=user, last_post_at__gt=F("opened_at"))


def with_solved(rows: ForumTopicQuerySet) -> ForumTopicQuerySet:
    solutions = ForumPost.objects.filter(topic=OuterRef("pk"), solution_at__isnull=False)
    solved: ForumTopicQuerySet = rows.annotate(is_solved=Exists(solutions))
    return solved


def _unread(user: User) -> Q:
    """Something came after what one read; one reads what one writes.

    Before the day one came, or when one said that all was read, all is.
    """
    reads = ForumRead.objects.filter(user=user, topic=OuterRef("pk")).values("read_at")[:1]
    all_read = ForumReader.objects.filter(pk=user.pk).values("all_read_at")[:1]
    until = Coalesce(Subquery(reads), Subquery(all_read), Value(user.date_joined))
    return Q(last_post_at__gt=until)


def _count(rows: QuerySet, key: str) -> Coalesce:
    numbers = rows.order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)
