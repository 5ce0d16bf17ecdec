"""Topics found by their words: those of a search, and those near a question before it is asked."""

from collections.abc import Iterable

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest

from accounts.models import User
from establishments.models.directory import Plain
from establishments.models.search import plain_words
from support.forum.reading import with_solved
from support.models import ForumPost, ForumTopic
from support.models.forum_topic import ForumTopicQuerySet
from support.models.question import FRENCH
from support.questions.finding import CLOSE_LETTERS, FAR_FROM_BEST, begun, longest, words_of

MOST_WORDS = 12


def found(rows: ForumTopicQuerySet, text: str) -> ForumTopicQuerySet:
    """Those that hold every word of ``text``, even half typed; the best first."""
    query = _query(plain_words(text)[:MOST_WORDS], " & ")
    if query is None:
        return rows.none()
    return _ranked(rows, query)


def near(user: User, text: str, limit: int = 5) -> list[ForumTopic]:
    """The topics that share the most with what is about to be asked; none when nothing is near.

    Without any word in common, those whose title has nearly the same letters: a word misspelt.
    """
    words = words_of(text)
    query = _query(words, " | ")
    if query is None:
        return []
    rows = with_solved(ForumTopic.objects.visible_to(user)).select_related("theme")
    topics = list(_ranked(rows, query)[:limit]) or list(_misspelt(rows, words)[:limit])
    floor = topics[0].met * FAR_FROM_BEST if topics else 0
    return [one for one in topics if one.met >= floor]


def topics_found(user: User, text: str, most: int) -> list[ForumTopic]:
    """The best of those that hold every word, for a search over the whole platform."""
    rows = with_solved(ForumTopic.objects.visible_to(user)).select_related("theme")
    return list(found(rows, text)[:most])


def best_texts(topics: Iterable[ForumTopic], text: str) -> dict[int, str]:
    """Of each topic, the post that says the most of it."""
    query = _query(words_of(text), " | ")
    if query is None:
        return {}
    met = SearchRank(SearchVector(Plain("text"), config=FRENCH), query)
    rows = ForumPost.objects.shown().filter(topic__in=[one.pk for one in topics])
    best = rows.annotate(met=met).order_by("topic", "-met", "at").distinct("topic")
    return dict(best.values_list("topic", "text"))


def _query(words: list[str], joint: str) -> SearchQuery | None:
    if not words:
        return None
    return SearchQuery(joint.join(map(begun, words)), search_type="raw", config=FRENCH)


def _ranked(rows: ForumTopicQuerySet, query: SearchQuery) -> ForumTopicQuerySet:
    ranked: ForumTopicQuerySet = rows.filter(document=query).annotate(
        met=SearchRank(F("document"), query)
    )
    return ranked.order_by("-met", "-last_post_at", "-pk")


def _misspelt(rows: ForumTopicQuerySet, words: list[str]) -> ForumTopicQuerySet:
    alike = [TrigramWordSimilarity(word, Plain("title")) for word in longest(words)]
    met = Greatest(Value(0.0), Value(0.0), *alike, output_field=FloatField())
    found: ForumTopicQuerySet = rows.annotate(met=met).filter(met__gte=CLOSE_LETTERS)
    return found.order_by("-met", "-last_post_at", "-pk")
