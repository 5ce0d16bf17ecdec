"""The questions near what a person writes: found while typing a request, or by the search box.

Words are read as French ones, without accents; a misspelt one is met by its letters.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Greatest

from establishments.models.directory import Plain
from establishments.models.search import plain_words
from support.models import Question
from support.models.question import FRENCH, QuestionQuerySet

LONGEST = 400  # of a long text, the beginning tells the subject
MOST_WORDS = 24
SHORTEST = 3
LONG = 5
CLOSE_LETTERS, BESIDE = 0.5, 0.8
FAR_FROM_BEST = 0.35
WEIGHTS = [0.1, 0.2, 0.4, 0.6]  # D, C the answer, B the other words, A the question
STEMS = "SELECT tsvector_to_array(to_tsvector(%s::regconfig, plain(%s)))"
SAID_ALWAYS = {  # how one asks, not what
    "bonjour", "merci", "comment", "faire", "savoir", "voudrais", "veux", "peux", "puis", "peut",
    "dois", "doit", "faut", "pourquoi", "quand", "quel", "quelle", "quels", "quelles", "quoi",
    "combien", "notre", "votre", "est", "une", "des", "les", "que", "qui", "pour", "par", "sur",
    "dans", "avec", "sans", "pas", "plus", "mes", "mon", "ses", "son", "ces", "aux", "suis", "etre",
    "avoir", "cela", "cette", "dit",
}  # fmt: skip


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
    rows = Question.objects.published().annotate(
        met=SearchRank(F("words"), query, weights=WEIGHTS), letters=letters_met(words)
    )
    return (
        rows.filter(Q(words=query) | Q(letters__gte=CLOSE_LETTERS))
        .annotate(nearness=F("met") + F("letters") / Value(4.0))
        .order_by("-nearness", "rank", "pk")
    )


def letters_met(words: list[str]) -> Greatest:
    """How near the letters of the longest words are, in the question rather than beside it."""
    whole = [TrigramWordSimilarity(word, Plain("question")) for word in longest(words)]
    beside = [TrigramWordSimilarity(word, Plain("keywords")) * BESIDE for word in longest(words)]
    nothing = [Value(0.0), Value(0.0)]
    return Greatest(*nothing, *whole, *beside, output_field=FloatField())


def words_of(text: str) -> list[str]:
    """The words that tell a subject, each once."""
    parts = (text[start : start + 100] for start in range(0, min(len(text), LONGEST), 100))
    words = (word for part in parts for word in plain_words(part) if is_told(word))
    return list(dict.fromkeys(words))[:MOST_WORDS]


def is_told(word: str) -> bool:
    """Whether a word says something of the subject."""
    return len(word) >= SHORTEST and word not in SAID_ALWAYS


def longest(words: list[str]) -> list[str]:
    """The five longest: a short word has too few letters to be met misspelt."""
    long = [word for word in words if len(word) >= LONG]
    return sorted(long, key=len, reverse=True)[:5]


def begun(word: str) -> str:
    """A word may be typed half; a short one would begin half of the language."""
    return f"{word}:*" if len(word) > SHORTEST else word


def stems_of(text: str) -> list[str]:
    """The words of a search as the index keeps them: « déclarées » is met as « declar »."""
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [FRENCH, text.replace("\x00", "")[:200]])
        return [stem for stem in cursor.fetchone()[0] if len(stem) > 1]
