"""What a dataset is: its columns, when a period of it may be told, and how its lines are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from common.weeks import PARIS
from pui.feeds.schema import Dictionary, Field

REQUIRED: Final = {"required": True}
NOT_NEGATIVE: Final = {"minimum": 0}
MASKED: Final = "vide quand la ligne est secrète"
COUNTRY: Final = "FR"
NOWHERE: Final = "00"
REPORTS_COME_UNTIL: Final = timedelta(days=15)  # of the month that follows: late reports are in
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One file of the open data.

    ``periods`` gives the first days of those that may be told now, the oldest first; ``rows`` the
    lines of one of them. A reference (``is_reference``) is told again when it changes. ``notes``
    say how to read it; ``unit`` names a period (« Semaine du »).
    """

    dictionary: Dictionary
    periods: Callable[[datetime], Sequence[date]]
    rows: Callable[[date], Sequence[Row]]
    summary: str
    frequency: str
    unit: str
    notes: Sequence[str] = ()
    indicators: Sequence[str] = ()
    is_masked: bool = False
    is_reference: bool = False

    @property
    def slug(self) -> str:
        return self.dictionary.name

    @property
    def title(self) -> str:
        return self.dictionary.title


def secret_field() -> Field:
    return Field("secret", "Secret", "Les chiffres de la ligne sont secrets.", "boolean", REQUIRED)


def region_fields() -> tuple[Field, Field]:
    return (
        Field(
            "region",
            "Région",
            "Code INSEE\u00a0; FR\u00a0: France entière\u00a0; 00\u00a0: territoires sans ARS.",
            constraints=REQUIRED,
        ),
        Field("region_nom", "Nom de la région", "Nom de la région.", constraints=REQUIRED),
    )


def scale_field(*scales: str) -> Field:
    return Field(
        "echelle",
        "Échelle",
        "pays\u00a0: la somme des régions.",
        constraints=REQUIRED | {"enum": list(scales)},
    )


def closed_months(first: date, now: datetime) -> list[date]:
    """The months whose late reports have come: told from the 16th of the one that follows."""
    today = now.astimezone(PARIS).date()
    found, month = [], first.replace(day=1)
    while next_month(month) + REPORTS_COME_UNTIL <= today:
        found.append(month)
        month = next_month(month)
    return found


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
