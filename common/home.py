"""What an app brings to the home page: what is due, its entries in the menu, what it announces.

Each app offers ``home.cards(user)``, ``home.menu(user)``, ``home.banners(user)`` and, where it has
some, ``home.figures(user)``, ``home.situations(user)``, ``home.changes(user, since)``,
``home.low_stocks(user)`` and ``home.asides(user)``; ``home.marks(user)`` is what the page says that
changes without anybody's act, and ``home.marked_changes(user, marks)`` what differs from the marks
of the last visit. ``config`` collects them without knowing any app's business.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.charts.figure import DataTable


class Kind(StrEnum):
    """Why a task is on the list, the most pressing first; the value names its CSS class.

    ``FIRST`` is the step without which the others do not open: it is no task to count. What is
    to be read comes after what is to be done: a home page folds what comes last.
    """

    FIRST = "first"
    LATE = "late"
    DECIDE = "decide"
    TO_FINISH = "to_finish"
    TO_DO = "to_do"
    TO_SEE = "to_see"
    DONE = "done"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def rank(self) -> int:
        return list(Kind).index(self)


_LABELS = {
    Kind.FIRST: "D’abord",
    Kind.LATE: "En retard",
    Kind.DECIDE: "À décider",
    Kind.TO_FINISH: "À finir",
    Kind.TO_DO: "À faire",
    Kind.TO_SEE: "À voir",
    Kind.DONE: "Fait",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing due: what, why it matters, until when, and the one button that leads there.

    ``detail`` tells the consequence or the progress (« Semaine 47 : 3 sites sur 5 renseignés »),
    ``due`` the date as a person reads it. A card that is ``DONE`` says by whom and when.
    """

    kind: Kind
    title: str
    detail: str = ""
    due: str = ""
    action_label: str = ""
    url: str = ""
    order: int = 0


def by_urgency(cards: Iterable[Card]) -> list[Card]:
    """The most pressing first."""
    return sorted(cards, key=lambda card: (card.kind.rank, card.order))


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the main menu; it is the current one on every address under its prefixes."""

    label: str
    url: str
    prefix: str | tuple[str, ...] = ""
    order: int = 0

    def is_current(self, path: str) -> bool:
        return path.startswith(self.prefix or self.url)


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence above every page's content; ``level`` is the design system's: info, warning…

    After the home page, ``brief`` stands for it: a few words, which are the link to ``url``.
    """

    text: str
    level: str = "info"
    url: str = ""
    link_label: str = ""
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure of the home page, never alone: ``note`` compares or dates it.

    ``indicator`` is the slug of its definition in the registry.
    """

    label: str
    value: str
    detail: str = ""
    note: str = ""
    url: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where one's territory stands: four figures at most, the most urgent places, their time."""

    title: str
    figures: Sequence[Figure]
    table: DataTable | None = None
    note: str = ""
    url: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else changed since one's last visit, in one sentence, and where to see it."""

    at: datetime
    text: str
    url: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True)
class LowStock:
    """One of one's own products under the threshold: days of cover, and their class in words.

    ``on`` dates the figure; ``order`` is the number of days, to put the most urgent first.
    """

    product: str
    place: str
    days: str
    level: str
    label: str
    url: str = ""
    order: float = 0
    on: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A block beside the tasks: ``template`` draws it, titled, from ``context`` alone."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 0
