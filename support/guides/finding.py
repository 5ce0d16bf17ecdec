"""The sections of the guides that hold the words somebody looks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from establishments.models.search import SHORTEST, plain_words
from support.guides.catalogue import GUIDES, Guide
from support.guides.reading import Section, read
from support.questions.finding import stems_of, words_of

IN_TITLE = 6
MOST_OF_ONE_WORD = 3  # how often a word is said counts little


@dataclass(frozen=True, slots=True)
class Found:
    """A section met, and how near it is."""

    guide: Guide
    section: Section
    score: int

    @property
    def url(self) -> str:
        return f"{self.guide.url}#{self.section.anchor}"


@dataclass(frozen=True, slots=True)
class _Indexed:
    guide: Guide
    section: Section
    title: tuple[str, ...]
    words: tuple[str, ...]


def find_sections(text: str, codes: frozenset[str], most: int) -> list[Found]:
    """The sections that have every word of ``text``, the nearest first, own guides before.

    How one asks is left out (« comment », « mes »), and « déclarer » meets « déclarez ».
    """
    asked = stems_of(" ".join(words_of(text))) or plain_words(text)
    if sum(map(len, asked)) < SHORTEST:
        return []
    met = (Found(one.guide, one.section, _score(one, asked)) for one in _index())
    found = (one for one in met if one.score)
    return sorted(found, key=lambda one: (not one.guide.codes & codes, -one.score))[:most]


def _score(one: _Indexed, asked: list[str]) -> int:
    """Nothing when a word is missing; else how many times, and where, they are said."""
    score = 0
    for word in asked:
        said = min(MOST_OF_ONE_WORD, sum(written.startswith(word) for written in one.words))
        named = any(written.startswith(word) for written in one.title)
        if not said and not named:
            return 0
        score += said + IN_TITLE * named
    return score


def prepare() -> None:
    """Read the guides before the first search, rather than with it."""
    _index()


@cache
def _index() -> tuple[_Indexed, ...]:
    return tuple(_sections())


def _sections() -> Iterator[_Indexed]:
    for guide in GUIDES.values():
        for section in read(guide).sections:
            title = _all_words(f"{guide.title} {section.title}")
            yield _Indexed(guide, section, title, _all_words(section.text))


def _all_words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split() for word in plain_words(part))
