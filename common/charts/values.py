from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["rupture", "critique", "tendue", "suffisante", "sans_consommation", "inconnue"]

LEVELS: tuple[Level, ...] = get_args(Level)

LEVEL_WORDS: dict[Level, str] = {
    "rupture": "Rupture",
    "critique": "Critique",
    "tendue": "Tendue",
    "suffisante": "Suffisante",
    "sans_consommation": "Sans consommation",
    "inconnue": "Inconnue",
}

SHORT_WORDS = LEVEL_WORDS | {"sans_consommation": "Sans conso."}  # printed in a department


@dataclass(frozen=True)
class MapValue:
    """What a map says of one territory.

    ``code`` is the INSEE code of a department (or of a region on a map of regions), ``title`` the
    whole sentence read aloud and shown on hover, ``name`` the short name printed on the drawing
    (by default, the department's), ``own_word`` what the level is called where it is no tension.
    """

    code: str
    value_text: str
    level: Level
    title: str
    href: str | None = None
    name: str = ""
    own_word: str = ""

    @property
    def word(self) -> str:
        return self.own_word or SHORT_WORDS[self.level]


@dataclass(frozen=True)
class Point:
    """One week of a line; ``value`` is None when nothing is known, and the line then breaks."""

    label: str
    value: float | None
    text: str
    is_partial: bool = False


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart; ``value`` is None when there is nothing to measure.

    ``whole_name`` is what a short ``label`` stands for, shown on hover; ``own_word`` what the level
    is called where it is no tension.
    """

    label: str
    value: float | None
    text: str
    level: Level
    href: str | None = None
    whole_name: str = ""
    own_word: str = ""
