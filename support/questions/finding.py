"""The questions near what a person writes: found while typing a request, or by the search box.

Words are read as French ones, without accents; a misspelt one is met by its letters.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Concat, Greatest

from establishments.models.directory import Plain
from establishments.models.search import plain_words
from support.models import Question
from support.models.question import FRENCH, QuestionQuerySet

LONGEST = 400  # of a long text, the beginning tells the subject
MOST_WORDS = 24
SHORTEST = 3
CLOSE_LETTERS = 0.6
FAR_FROM_BEST = 0.25


def similar(text: str, limit: int = 5) -> list[Question]:
    """The published questions nearest to ``text``, the best first; none when nothing is near."""
    return near_enough(list(nearest(text)[:limit]), FAR_FROM_BEST)


def near_enough(found: list[Question], share: float) -> list[Question]:
    """Those that are not too far behind the first."""
    return [one for one in found if one.nearness >= found[0].nearness * share]


def nearest(text: str) -> QuestionQuerySet:
    """All the published questions that share something with ``text``, by ``nearness``."""
    words = words_of(text)
    if not words:
        return Question.objects.none()
    query = SearchQuery(" | ".join(map(begun, words)), search_type="raw", config=FRENCH)
    titles = Plain(Concat("question", Value(" "), "keywords"))
    letters = Greatest(
        *(TrigramWordSimilarity(word, titles) for word in by_length(words)),
        Value(0.0),
        output_field=FloatField(),
    )
    rows = Question.objects.published().annotate(met=SearchRank("words", query), letters=letters)
    return (
        rows.filter(Q(words=query) | Q(letters__gte=CLOSE_LETTERS))
        .annotate(nearness=F("met") + F("letters") / Value(4.0))
        .order_by("-nearness", "rank", "pk")
    )


def words_of(text: str) -> list[str]:
    """The words that tell a subject, each once."""
    parts = (text[start : start + 100] for start in range(0, min(len(text), LONGEST), 100))
    words = (word for part in parts for word in plain_words(part) if len(word) >= SHORTEST)
    return list(dict.fromkeys(words))[:MOST_WORDS]


def by_length(words: list[str]) -> list[str]:
    """The five longest: a short word has too few letters to be met misspelt."""
    return sorted(words, key=len, reverse=True)[:5]


def begun(word: str) -> str:
    """A word may be typed half; a short one would begin half of the language."""
    return f"{word}:*" if len(word) > SHORTEST else word
