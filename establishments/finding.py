"""How a search over the whole platform reads what a person types, the same in each app."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import QuerySet, Value

from establishments.models.search import SHORTEST, plain_words

PER_GROUP: Final = 5
READ: Final = PER_GROUP + 1  # one more tells that there are others
ALIKE: Final = 0.6  # of a word that one letter changes
NEAR: Final = 0.8  # the same, of two words compared letter by letter
PLURAL: Final = 4  # letters; a shorter word keeps its end


def stems(text: str) -> str:
    """The words without accents, plural nor elision: « l’hôpital » is « hôpital »."""
    words = plain_words(text)
    whole = [word for word in words if len(word) > 1 or word.isdecimal()]
    return " ".join(_stem(word) for word in whole or words)


def _stem(word: str) -> str:
    """Without its plural: « hôpitaux » is looked for by « hopita »."""
    if len(word) < PLURAL or not word.isalpha() or word[-1] not in "sx":
        return word
    return word[: -2 if word.endswith("aux") else -1]


def is_long_enough(text: str) -> bool:
    return sum(map(len, plain_words(text))) >= SHORTEST


def alike(rows: QuerySet[Any], text: str) -> list[Any]:
    """The nearest in spelling, for words mistyped; found by the index of three letters."""
    words = plain_words(text)
    long = [word for word in words if len(word) >= PLURAL and word.isalpha()]
    if not long:
        return []
    likeness: Any = Value(0.0)
    near = words_before(rows, [word for word in words if word not in long])
    for word in long:
        near = near.filter(haystack__trigram_word_similar=word)
        likeness += TrigramWordSimilarity(word, "haystack")
    ranked = near.annotate(likeness=likeness).filter(likeness__gte=ALIKE * len(long))
    return list(ranked.order_by("-likeness", "pk")[:READ])


def words_before(rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
    """Those that have words beginning so, however short."""
    for word in words:
        rows = rows.filter(haystack__contains=f" {word}")
    return rows


def alike_in(stemmed: str, words: Iterable[str]) -> bool:
    """Whether each word typed is spelled nearly as a word of a short text already read."""
    known, asked = stems(" ".join(words)).split(), stemmed.split()
    return all(len(one) >= PLURAL and get_close_matches(one, known, 1, NEAR) for one in asked)


def all_in(stemmed: str, words: Sequence[str] | Iterable[str]) -> bool:
    """Whether each word typed begins a word of a short text already read."""
    known = [known for text in words for known in plain_words(text)]
    return all(any(one.startswith(stem) for one in known) for stem in stemmed.split())
