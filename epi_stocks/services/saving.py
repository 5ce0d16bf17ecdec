"""Save what is typed, cell by cell: one statement, versioned per cell (docs/decisions).

A cell is saved when what it holds is still what the person last saw. Rights, closing, coverage and
the rule of glove sizes are checked by the same statement; history is kept by the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from epi_stocks.indicators import Level


@dataclass(frozen=True, slots=True)
class CellChange:
    """``value`` replaces ``seen``, the value the person last saw saved (``None``: blank)."""

    item_id: int
    measure: str
    value: int | None
    seen: int | None


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of one cell.

    ``verdict``: "saved"; "kept" (it already held that value: a retry is not a conflict);
    "conflict" (``value`` is the other value, kept); "sizes" (the total is the sum of its sizes);
    "not_counted". ``sentence`` is for the person; empty when there is nothing to say.
    """

    item_id: int
    measure: str
    verdict: str
    value: int | None  # what the database holds now
    doubt: str = ""  # why it is to check, a sentence
    sentence: str = ""
    other_by: str = ""  # who saved the other value
    other_at: datetime | None = None

    @property
    def is_saved(self) -> bool:
        return self.verdict in ("saved", "kept")


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row touched by the save, Gants' total included: its new cover and level."""

    item_id: int
    stock: int | None
    daily: int | None
    supply: int | None
    days: Decimal | None
    level: Level
    is_total: bool = False  # now the sum of its sizes


@dataclass(frozen=True, slots=True)
class SaveResult:
    cells: list[CellResult]
    rows: list[RowResult] = field(default_factory=list)
    saved_at: datetime | None = None
    total_blanked: bool = False  # a size was saved: the typed total of Gants left its place
    filled: int = 0  # cells with a value in the whole grid

    @property
    def conflicts(self) -> list[CellResult]:
        return [cell for cell in self.cells if cell.verdict == "conflict"]


class SavingError(Exception):
    """Nothing was saved. The message is written for the person, in French.

    ``code``: "right", "future", "closed", "covered", "closed_establishment" or "unknown".
    """

    code = ""


def save_cells(
    *,
    by: User,
    week: date,
    establishment_id: int,
    changes: Sequence[CellChange],
    profile_id: int | None = None,
    now: datetime | None = None,
) -> SaveResult:
    """Save one cell or a pasted block in one statement; raise ``SavingError`` when none may be.

    ``profile_id`` is the profile the form was shown under: preferred for ``saved_profile`` when it
    grants the right; any other profile of the person that grants it serves otherwise [002].
    """
    raise NotImplementedError


def confirm_doubt(
    *, by: User, week: date, establishment_id: int, item_id: int, measure: str, value: int | None
) -> bool:
    """« C’est exact »: the doubt on this very value is settled. False: the cell changed since."""
    raise NotImplementedError


def return_to_total(*, by: User, week: date, establishment_id: int, item_id: int) -> SaveResult:
    """Blank the sizes of an item so that its total can be typed again; history keeps them."""
    raise NotImplementedError
