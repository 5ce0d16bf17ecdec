"""What each app answers so that ``config`` can show one list of needs and transfers.

An app offers ``aid.PART``, an object that keeps to ``Part``. Rows are drawn alike for medicines and
for equipment; their pages stay in the app.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from establishments.perimeter import Holder
from establishments.redistribution.states import NeedState, TransferState, Urgency

PER_PAGE = 50
Row = TypeVar("Row")


class Shown(StrEnum):
    """Which rows a list shows; the value stands in addresses."""

    CURRENT = "en-cours"
    ENDED = "termines"


@dataclass(frozen=True, slots=True)
class NeedRow:
    """``quantity`` and ``remaining`` are texts with their unit: « 400 ampoules »."""

    url: str
    what: str
    place: str
    place_detail: str
    quantity: str
    remaining: str
    urgency: Urgency
    wanted_on: date
    state: NeedState
    opened_at: datetime
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """``to_do`` is what the reader has to do now (« Accepter », « Expédier »); empty: nothing."""

    url: str
    what: str
    giver: str
    taker: str
    quantity: str
    state: TransferState
    moved_at: datetime
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """A page of rows, and how many there are in all."""

    rows: Sequence[Row]
    count: int


class Part(Protocol):
    """One app's mutual aid, as seen by a person."""

    key: str  # stands in addresses: « medicaments », « epi »
    label: str  # of the tab

    def is_shown_to(self, user: Holder) -> bool: ...

    def open_url(self, user: Holder) -> str:
        """Where the person opens a need; empty when they may not."""
        ...

    def propose_url(self, user: Holder) -> str:
        """Where several open needs are shared out at once; empty when they may not."""
        ...

    def waiting(self, user: Holder) -> int:
        """How many needs and transfers wait for this person."""
        ...

    def needs_for(
        self, user: Holder, shown: Shown, offset: int = 0, *, region: str = ""
    ) -> Rows[NeedRow]:
        """Those of a region when one is named."""
        ...

    def transfers_for(
        self, user: Holder, shown: Shown, offset: int = 0, *, region: str = ""
    ) -> Rows[TransferRow]:
        """Those that a region gives or takes when one is named."""
        ...
