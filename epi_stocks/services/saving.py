"""Save what is typed, cell by cell: one statement, versioned per cell (docs/decisions).

A cell is saved when what it holds is still what the person last saw. Rights, closing, coverage and
the rule of glove sizes are checked by the same statement (sql/save_cells.sql); history is kept by
the database, so there is no journal entry per cell.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.numeric import Int4, Int8

from accounts.models import User
from common.cover import DEFAULT_THRESHOLDS, Level, Thresholds, days_of_cover, level
from common.weeks import week_label
from epi_stocks.anomalies import BITS, doubt_sentence
from epi_stocks.models import InventoryLine
from epi_stocks.services.other_values import OtherValue, load_other_values
from journal.services import record

Cells = tuple[list[int], list[str], list[int | None], list[int | None]]

SAVE = """SELECT epi_save_cells(%s::bigint, %s::bigint, %s::date, %s::bigint, %s::timestamptz,
    %s::integer[], %s::text[], %s::integer[], %s::integer[], %s::boolean, %s::boolean)"""
CONFIRM = "SELECT epi_confirm_doubt(%s, %s, %s, %s, %s::integer, %s, %s::integer, %s)"

SIZES_SENTENCE = (
    "Ce total est la somme des tailles saisies : modifiez les tailles, ou revenez au total."
)
NOT_COUNTED_SENTENCE = "Cet équipement n’est pas compté cette semaine : rien n’est enregistré."


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
    doubts: int = 0  # bits, see InventoryLine

    def is_doubtful(self, measure: str) -> bool:
        return bool(self.doubts & BITS[measure])


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

    def __init__(self, code: str, week: date) -> None:
        self.code = code
        label = f"la semaine {week_label(week)}"
        super().__init__(
            {
                "unknown": "Cet établissement n’existe pas.",
                "right": "Aucun de vos profils ne permet plus de remplir l’inventaire de cet "
                "établissement. Votre saisie n’est pas enregistrée : demandez l’habilitation "
                "« Opérateur d’inventaire EPI » à votre administrateur.",
                "future": f"{label[0].upper()}{label[1:]} n’a pas commencé : revenez lundi.",
                "closed": f"L’inventaire de {label} est clôturé. "
                "Pour le corriger, demandez sa réouverture à votre ARS.",
                "covered": "Ce site est couvert par la déclaration d’un autre : son stock serait "
                "compté deux fois. Décochez-le d’abord sur le tableau qui le couvre.",
                "closed_establishment": "Cet établissement était fermé cette semaine-là : "
                "il n’y a rien à déclarer.",
            }[code]
        )


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
    A second statement, only in a conflict, says who saved the other value and when.
    """
    now = now or timezone.now()
    answer = call_save(by, profile_id, week, establishment_id, now, columns_of(changes))
    return result_of(answer, week, establishment_id, now)


def columns_of(changes: Sequence[CellChange]) -> Cells:
    return (
        [one.item_id for one in changes],
        [one.measure for one in changes],
        [one.value for one in changes],
        [one.seen for one in changes],
    )


def call_save(
    by: User,
    profile_id: int | None,
    week: date,
    establishment_id: int,
    now: datetime,
    cells: Cells,
    *,
    is_undo: bool = False,
) -> dict[str, Any]:
    """Run the one statement. Undoing: a cell blanked is not doubtful, a total typed since stays."""
    items, measures, values, seen = cells
    parameters = [
        *(Int8(by.pk), profile_id and Int8(profile_id), week, Int8(establishment_id), now),
        *(whole(items), measures, whole(values), whole(seen), is_undo, not is_undo),
    ]
    answer: dict[str, Any] = run_save(SAVE, parameters, week, is_prepared=True)[0]
    return answer


def whole(numbers: Sequence[int | None]) -> list[Int4 | None]:
    """Integers of one type whatever their size: a prepared statement has a plan for each type."""
    return [None if one is None else Int4(one) for one in numbers]


def run_save(
    statement: str,
    parameters: list[Any] | dict[str, Any],
    week: date,
    *,
    is_prepared: bool = False,
) -> list[Any]:
    """Run a statement whose first column is a refusal or an answer; the others come with it.

    Raise ``SavingError`` when the save was refused.
    """
    backend: Any = connection  # ours: config.postgresql
    open_cursor = backend.prepared_cursor if is_prepared else backend.cursor
    with open_cursor() as cursor:
        cursor.execute(statement, parameters)
        columns = [json.loads(one) if isinstance(one, str) else one for one in cursor.fetchone()]
    if refusal := columns[0].get("refusal"):
        raise SavingError(refusal, week)
    return columns


def result_of(
    answer: dict[str, Any], week: date, establishment_id: int, now: datetime
) -> SaveResult:
    """Put words on the answer of the statement."""
    conflicts = [
        (cell["item"], cell["measure"]) for cell in answer["cells"] if cell["verdict"] == "conflict"
    ]
    others = load_other_values(week, establishment_id, conflicts) if conflicts else {}
    return SaveResult(
        cells=[cell_of(cell, others) for cell in answer["cells"]],
        rows=[row_of(row) for row in answer["rows"]],
        saved_at=now,
        total_blanked=answer["total_blanked"],
        filled=answer["filled"],
    )


def cell_of(cell: dict[str, Any], others: dict[tuple[int, str], OtherValue]) -> CellResult:
    other = others.get((cell["item"], cell["measure"]))
    sentence = {"sizes": SIZES_SENTENCE, "not_counted": NOT_COUNTED_SENTENCE}.get(
        cell["verdict"], other.sentence if other else ""
    )
    return CellResult(
        item_id=cell["item"],
        measure=cell["measure"],
        verdict=cell["verdict"],
        value=cell["value"],
        doubt=doubt_sentence(cell["doubt"], cell["last"]),
        sentence=sentence,
        other_by=other.by if other else "",
        other_at=other.at if other else None,
    )


def row_of(row: dict[str, Any]) -> RowResult:
    days = row["thresholds"]
    thresholds = Thresholds(*days) if days[0] is not None else DEFAULT_THRESHOLDS
    return RowResult(
        item_id=row["item"],
        stock=row["stock"],
        daily=row["daily"],
        supply=row["supply"],
        days=days_of_cover(row["stock"], row["daily"]),
        level=level(row["stock"], row["daily"], thresholds),
        is_total=row["by_size"],
        doubts=row["doubts"],
    )


@transaction.atomic
def confirm_doubt(
    *, by: User, week: date, establishment_id: int, item_id: int, measure: str, value: int | None
) -> bool:
    """« C’est exact »: the doubt on this very value is settled; journaled.

    False: the cell changed since. Raise ``SavingError`` where nothing may be typed.
    """
    place = [by.pk, week, establishment_id, timezone.now()]
    answer = run_save(CONFIRM, [*place, item_id, measure, value, BITS[measure]], week)[0]
    if answer["is_confirmed"]:
        lines = InventoryLine.objects.select_related("establishment", "item")
        line = lines.get(week=week, establishment=establishment_id, item=item_id)
        record(
            "epi_stocks.doubt_confirmed",
            by=by,
            target=line,
            place=line.establishment,
            week=week.isoformat(),
            measure=measure,
            value=value,
        )
    return bool(answer["is_confirmed"])
