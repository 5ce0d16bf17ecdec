"""« Rien n’a changé », and the way back to a single total: both fill or blank cells, both undone.

What was done travels in a signed text (``undo``) that the page keeps; undoing goes through the same
versioned save, so a cell that anybody changed meanwhile is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.utils import timezone

from accounts.models import User
from common.weeks import weeks_back
from epi_stocks.services.saving import (
    CellChange,
    SaveResult,
    call_save,
    columns_of,
    result_of,
    run_save,
)

EARLIER_WEEKS = 12
SALT = "epi_stocks.undo"

# Only blank cells, from the last declared week; never a size over a typed total, nor the reverse.
COPY = """
WITH lines AS (
    SELECT * FROM epi_stocks_inventoryline
     WHERE week = ANY(ARRAY[%(week)s::date]) AND establishment_id = %(place)s
), earlier AS (
    SELECT * FROM epi_stocks_inventoryline
     WHERE week = ANY(%(earlier)s) AND establishment_id = %(place)s
       AND num_nonnulls(stock, daily, supply) > 0
), blanks AS (
    SELECT was.item_id, cell.measure, cell.before
      FROM earlier was
      JOIN epi_stocks_epiitem item ON item.id = was.item_id
       AND item.starts_on <= %(week)s AND (item.ends_on IS NULL OR item.ends_on >= %(week)s)
      LEFT JOIN lines now ON now.item_id = was.item_id
     CROSS JOIN LATERAL (VALUES ('stock', was.stock, now.stock), ('daily', was.daily, now.daily),
                                ('supply', was.supply, now.supply)) cell(measure, before, held)
     WHERE was.week = (SELECT max(week) FROM earlier)
       AND cell.before IS NOT NULL AND cell.held IS NULL
       AND NOT EXISTS (
           SELECT FROM lines other
            WHERE num_nonnulls(other.stock, other.daily, other.supply) > 0
              AND (other.item_id = was.item_id / 100
                   OR (was.item_id < 100 AND other.item_id / 100 = was.item_id)))
)
SELECT epi_save_cells(
    %(person)s, %(profile)s, %(week)s, %(place)s, %(now)s,
    coalesce(array_agg(item_id::integer ORDER BY item_id, measure), '{}'),
    coalesce(array_agg(measure ORDER BY item_id, measure), '{}'),
    coalesce(array_agg(before ORDER BY item_id, measure), '{}'),
    array_fill(NULL::integer, ARRAY[count(*)::integer]), may_blank_total => false)
  FROM blanks
"""

BLANK_SIZES = """
SELECT epi_save_cells(
    %(person)s, %(profile)s, %(week)s, %(place)s, %(now)s,
    coalesce(array_agg(line.item_id::integer ORDER BY line.item_id, cell.measure), '{}'),
    coalesce(array_agg(cell.measure ORDER BY line.item_id, cell.measure), '{}'),
    array_fill(NULL::integer, ARRAY[count(*)::integer]),
    coalesce(array_agg(cell.held ORDER BY line.item_id, cell.measure), '{}'), true),
    coalesce(jsonb_agg(jsonb_build_array(line.item_id, cell.measure, cell.held)
                       ORDER BY line.item_id, cell.measure), '[]')
  FROM epi_stocks_inventoryline line
 CROSS JOIN LATERAL (VALUES ('stock', line.stock), ('daily', line.daily),
                            ('supply', line.supply)) cell(measure, held)
 WHERE line.week = ANY(ARRAY[%(week)s::date]) AND line.establishment_id = %(place)s
   AND line.item_id / 100 = %(item)s AND cell.held IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class CopyResult:
    """``copied`` counts the cells filled; ``undo`` is what ``undo`` takes back."""

    copied: int
    save: SaveResult
    undo: str


class UndoError(Exception):
    """Nothing was undone. The message is written for the person, in French."""


def copy_last_week(
    *,
    by: User,
    week: date,
    establishment_id: int,
    profile_id: int | None = None,
    now: datetime | None = None,
) -> CopyResult:
    """Fill the blank cells with the last declared week's values, in one statement.

    A typed cell is never touched, not even one typed at the same moment, nor a total by its sizes:
    the save is versioned.
    Raise ``SavingError``.
    """
    now = now or timezone.now()
    parameters = parameters_of(by, profile_id, week, establishment_id, now)
    parameters["earlier"] = weeks_back(week, EARLIER_WEEKS + 1)[:-1]
    save = result_of(run_save(COPY, parameters, week)[0], week, establishment_id, now)
    done = [
        CellChange(cell.item_id, cell.measure, None, cell.value)
        for cell in save.cells
        if cell.verdict == "saved"
    ]
    return CopyResult(len(done), save, sealed(week, establishment_id, done))


def return_to_total(
    *,
    by: User,
    week: date,
    establishment_id: int,
    item_id: int,
    profile_id: int | None = None,
    now: datetime | None = None,
) -> CopyResult:
    """Blank the sizes of an item so that its total can be typed again; history keeps them.

    ``copied`` counts the sizes' cells blanked. Raise ``SavingError``.
    """
    now = now or timezone.now()
    parameters = parameters_of(by, profile_id, week, establishment_id, now) | {"item": item_id}
    answer, held = run_save(BLANK_SIZES, parameters, week)
    save = result_of(answer, week, establishment_id, now)
    blanked = {(cell.item_id, cell.measure) for cell in save.cells if cell.verdict == "saved"}
    done = [
        CellChange(item, measure, value, None)
        for item, measure, value in held
        if (item, measure) in blanked
    ]
    return CopyResult(len(done), save, sealed(week, establishment_id, done))


def undo(
    *,
    by: User,
    week: date,
    establishment_id: int,
    token: str,
    profile_id: int | None = None,
    now: datetime | None = None,
) -> SaveResult:
    """Put back the cells of ``CopyResult.undo`` that nobody has changed since.

    A total typed since keeps its place: the sizes stay blank. Rights and closing are checked
    again. Raise ``UndoError`` or ``SavingError``.
    """
    now = now or timezone.now()
    changes = opened(token, week, establishment_id)
    answer = call_save(
        by, profile_id, week, establishment_id, now, columns_of(changes), is_undo=True
    )
    return result_of(answer, week, establishment_id, now)


def parameters_of(
    by: User, profile_id: int | None, week: date, establishment_id: int, now: datetime
) -> dict[str, Any]:
    return {
        "person": by.pk,
        "profile": profile_id,
        "week": week,
        "place": establishment_id,
        "now": now,
    }


def sealed(week: date, establishment_id: int, changes: Sequence[CellChange]) -> str:
    cells = [[one.item_id, one.measure, one.value, one.seen] for one in changes]
    return signing.dumps([week.isoformat(), establishment_id, cells], salt=SALT, compress=True)


def opened(token: str, week: date, establishment_id: int) -> list[CellChange]:
    try:
        on_week, place, cells = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        on_week = place = None
        cells = []
    if (on_week, place) != (week.isoformat(), establishment_id):
        raise UndoError("Cette annulation ne correspond pas à cette grille : rien n’a changé.")
    return [CellChange(*cell) for cell in cells]
