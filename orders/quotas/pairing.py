"""Two share-outs side by side, beneficiary by beneficiary: three statements, whatever their size.

Each beneficiary comes with what its sites declared of the item in EPI-Stocks, the last of the two
latest weeks: what it holds before any delivery.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from common.cover import DEFAULT_THRESHOLDS
from common.weeks import current_week, shift
from orders.models import Allocation

FALL = 30  # percent: a larger fall is worth a look

PAIRS = """
WITH a AS (
    SELECT beneficiary_id, granted_packs::bigint * %(pack_a)s AS units, inputs
      FROM orders_share WHERE allocation_id = %(a)s
), b AS (
    SELECT beneficiary_id, granted_packs::bigint * %(pack_b)s AS units, inputs
      FROM orders_share WHERE allocation_id = %(b)s
), pair AS (
    SELECT o.id, o.region_id, o.establishment_id, o.legal_entity_id, o.category_id,
           COALESCE(a.units, 0) AS was, COALESCE(b.units, 0) AS becomes,
           a.inputs AS inputs_a, b.inputs AS inputs_b,
           (SELECT sum((site ->> 2)::int)
              FROM jsonb_array_elements(COALESCE(b.inputs, a.inputs) -> 'sites') site) AS places
      FROM a FULL JOIN b ON b.beneficiary_id = a.beneficiary_id
      JOIN orders_beneficiary o ON o.id = COALESCE(b.beneficiary_id, a.beneficiary_id)
     WHERE %(categories)s::text[] IS NULL OR o.category_id = ANY(%(categories)s)
)
"""
HELD = """, line AS MATERIALIZED (
    SELECT DISTINCT ON (establishment_id) establishment_id, stock, daily
      FROM epi_stocks_inventoryline
     WHERE week = ANY(%(weeks)s) AND item_id = %(item)s AND stock IS NOT NULL AND daily > 0
     ORDER BY establishment_id, week DESC
), held AS (
    SELECT id, sum(stock)::bigint AS stock, sum(daily)::bigint AS daily
      FROM (SELECT pair.id, line.stock, line.daily
              FROM pair JOIN line ON line.establishment_id = pair.establishment_id
             UNION ALL
            SELECT pair.id, line.stock, line.daily
              FROM pair
              JOIN establishments_establishment e ON e.legal_entity_id = pair.legal_entity_id
              JOIN line ON line.establishment_id = e.id) AS counted
     GROUP BY id
)
"""
SUMS = (
    PAIRS
    + HELD
    + """
SELECT pair.region_id, count(*) AS beneficiaries, COALESCE(sum(places), 0)::bigint AS places,
       sum(was)::bigint AS was, sum(becomes)::bigint AS becomes,
       count(*) FILTER (WHERE becomes > was) AS more,
       count(*) FILTER (WHERE becomes = was) AS same,
       count(*) FILTER (WHERE becomes < was) AS less,
       count(*) FILTER (WHERE becomes * 100 < was * (100 - %(fall)s)) AS falls,
       count(*) FILTER (WHERE held.stock + was < %(short)s * held.daily) AS short_was,
       count(*) FILTER (WHERE held.stock + becomes < %(short)s * held.daily) AS short_becomes,
       COALESCE(sum(held.stock), 0)::bigint AS stock, COALESCE(sum(held.daily), 0)::bigint AS daily
  FROM pair LEFT JOIN held ON held.id = pair.id
 GROUP BY pair.region_id
"""
)
MOVES = (
    PAIRS
    + """
SELECT id, places, was, becomes, inputs_a, inputs_b
  FROM pair WHERE %(sign)s * (becomes - was) > 0
 ORDER BY %(sign)s * (becomes - was)::numeric / NULLIF(was, 0) DESC NULLS LAST,
          GREATEST(was, becomes) DESC, id
 LIMIT %(limit)s
"""
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one region: beneficiaries, what they had and would have, what they hold."""

    region_id: str | None
    beneficiaries: int = 0
    places: int = 0
    was: int = 0
    becomes: int = 0
    more: int = 0
    same: int = 0
    less: int = 0
    falls: int = 0
    short_was: int = 0
    short_becomes: int = 0
    stock: int = 0
    daily: int = 0

    @property
    def change(self) -> int:
        return self.becomes - self.was

    @property
    def change_percent(self) -> float | None:
        return 100 * self.change / self.was if self.was else None


@dataclass(frozen=True, slots=True)
class Move:
    """A beneficiary that loses or gains, with what both calculations used."""

    beneficiary_id: int
    places: int | None
    was: int
    becomes: int
    inputs_a: dict[str, Any] | None
    inputs_b: dict[str, Any] | None

    @property
    def percent(self) -> float | None:
        return 100 * (self.becomes - self.was) / self.was if self.was else None


def parameters(
    a: Allocation | None, b: Allocation, categories: Sequence[str] | None
) -> dict[str, Any]:
    return {
        "a": a.pk if a else None,
        "pack_a": a.pack if a else 1,
        "b": b.pk,
        "pack_b": b.pack,
        "item": b.item_id,
        "weeks": declared_weeks(),
        "short": DEFAULT_THRESHOLDS.critical,
        "fall": FALL,
        "categories": None if categories is None else list(categories),
    }


def declared_weeks() -> list[date]:
    week = current_week()
    return [shift(week, -1), week]


def sums_by_region(
    a: Allocation | None, b: Allocation, categories: Sequence[str] | None = None
) -> list[Sums]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS, parameters(a, b, categories))
        return [Sums(*row) for row in cursor.fetchall()]


def moves_of(
    a: Allocation | None,
    b: Allocation,
    categories: Sequence[str] | None = None,
    limit: int | None = None,
    *,
    gains: bool = False,
) -> Iterator[Move]:
    """The largest falls, or gains, first; nobody moves from a share-out that was not."""
    if a is None:
        return
    sign = 1 if gains else -1
    with connection.cursor() as cursor:
        cursor.execute(MOVES, parameters(a, b, categories) | {"limit": limit, "sign": sign})
        for *told, inputs_a, inputs_b in cursor.fetchall():
            yield Move(*told, read(inputs_a), read(inputs_b))


def read(text: Any) -> Any:
    """A raw cursor gives the text of a JSON value."""
    return json.loads(text) if isinstance(text, str) else text


def whole(sums: Sequence[Sums]) -> Sums:
    names = [one.name for one in fields(Sums) if one.name != "region_id"]
    return Sums(None, **{name: sum(getattr(one, name) for one in sums) for name in names})
