"""What a situation says, in plain values: drawn on the page, kept by a bulletin, put in its file.

Everything arrives as French text beside its number, so that what was published never changes when
the words of a page do. ``key`` is what one bulletin is compared with another by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

COUNTRY = "pays"  # in addresses, where no region is meant
PLACES = "territoires"


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is the number as text (« 13.7 »), empty where it is none; ``level`` a class."""

    text: str
    value: str = ""
    level: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    unit: str = ""
    is_number: bool = False
    is_for_files: bool = False  # a page tells it under another cell


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a place, an item or a DCI a row; ``first`` heads the names."""

    key: str
    title: str
    first: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...] = ()
    note: str = ""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        headings = tuple(Heading(**one) for one in kept["headings"])
        rows = tuple(
            Row(one["key"], one["name"], tuple(Cell(**cell) for cell in one["cells"]))
            for one in kept["rows"]
        )
        return cls(kept["key"], kept["title"], kept["first"], headings, rows, kept["note"])


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, never alone: ``detail`` and ``note`` say of what, and beside what.

    ``group`` puts it under another heading than that of its part.
    """

    key: str
    label: str
    text: str
    value: str = ""
    unit: str = ""
    detail: str = ""
    note: str = ""
    level: str = ""
    is_headline: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one right opens (``action``, of the access matrix), as known at ``time``."""

    key: str
    title: str
    action: str
    time: str
    measures: tuple[Measure, ...] = ()
    grids: tuple[Grid, ...] = ()
    note: str = ""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            kept["key"],
            kept["title"],
            kept["action"],
            kept["time"],
            tuple(Measure(**one) for one in kept["measures"]),
            tuple(Grid.read(one) for one in kept["grids"]),
            kept["note"],
        )

    def grid(self, key: str) -> Grid | None:
        return next((one for one in self.grids if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Content:
    parts: tuple[Part, ...] = field(default_factory=tuple)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        return cls(tuple(Part.read(one) for one in kept["parts"]))

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)

    def readable(self, actions: Iterable[str]) -> Self:
        """The parts that these rights open; the others are not there at all."""
        held = set(actions)
        return type(self)(tuple(one for one in self.parts if one.action in held))

    def part(self, key: str) -> Part | None:
        return next((one for one in self.parts if one.key == key), None)

    @property
    def headlines(self) -> list[Measure]:
        return [one for part in self.parts for one in part.measures if one.is_headline]

    @property
    def measures(self) -> dict[str, Measure]:
        return {one.key: one for part in self.parts for one in part.measures}
