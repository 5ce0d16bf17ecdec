"""Who saved the value that one met in a conflict, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from common.numbers import format_integer
from epi_stocks.calendar import hour_text

# The lines are kept whole at each change: the author of a cell is whoever saved the first version
# that holds its present value without interruption.
AUTHORS = """
WITH cells AS (
    SELECT * FROM unnest(%(items)s::integer[], %(measures)s::text[]) AS cells(item_id, measure)
), versions AS (
    SELECT cells.item_id, cells.measure, line.saved_at, line.saved_by_id,
           CASE cells.measure WHEN 'stock' THEN line.stock WHEN 'daily' THEN line.daily
                ELSE line.supply END AS value,
           row_number() OVER (PARTITION BY cells.item_id, cells.measure
                              ORDER BY line.rank DESC) AS back
      FROM cells
      JOIN (
          SELECT item_id, stock, daily, supply, saved_at, saved_by_id, id AS rank
            FROM epi_stocks_replacedline
           WHERE week = %(week)s AND establishment_id = %(place)s
          UNION ALL
          SELECT item_id, stock, daily, supply, saved_at, saved_by_id, 9223372036854775807
            FROM epi_stocks_inventoryline
           WHERE week = ANY(ARRAY[%(week)s::date]) AND establishment_id = %(place)s
      ) line ON line.item_id = cells.item_id
)
SELECT DISTINCT ON (version.item_id, version.measure)
       version.item_id, version.measure, version.value, version.saved_at,
       trim(person.first_name || ' ' || person.last_name), person.username
  FROM versions version
  LEFT JOIN accounts_user person ON person.id = version.saved_by_id
 WHERE NOT EXISTS (
     SELECT FROM versions later JOIN versions present
            ON present.item_id = later.item_id AND present.measure = later.measure
           AND present.back = 1
      WHERE later.item_id = version.item_id AND later.measure = version.measure
        AND later.back <= version.back AND later.value IS DISTINCT FROM present.value)
 ORDER BY version.item_id, version.measure, version.back DESC
"""


@dataclass(frozen=True, slots=True)
class OtherValue:
    """The value a cell holds now; ``by`` is empty when the system itself wrote it."""

    value: int | None
    by: str
    at: datetime

    @property
    def sentence(self) -> str:
        """« Nadia Benali a saisi 640 à 9 h 40. »"""
        shown = "vidé la case" if self.value is None else f"saisi {format_integer(self.value)}"
        return f"{self.by or 'Le système'} a {shown} à {hour_text(self.at)}."


def load_other_values(
    week: date, establishment_id: int, cells: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], OtherValue]:
    """Say, for some cells, what they hold, and who saved it when (one statement)."""
    parameters: dict[str, Any] = {
        "week": week,
        "place": establishment_id,
        "items": [item for item, _ in cells],
        "measures": [measure for _, measure in cells],
    }
    with connection.cursor() as cursor:
        cursor.execute(AUTHORS, parameters)
        return {
            (item, measure): OtherValue(value, name or username or "", at)
            for item, measure, value, at, name, username in cursor.fetchall()
        }
