"""The one door by which stocks are written: a transmission is stored whole, or not at all."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.services import record
from medications.calendar import Period, calendar_of
from pui.models import Pui, Reopening, Transmission
from pui.rights import Machine, Sender, as_person, may_write

State = Transmission.State


class StoringError(Exception):
    """Nothing was stored. The message is written for the person, in French."""


class Declared(NamedTuple):
    """What is stored of one product: units in stock, units a day. None: not declared; 0: none.

    ``nearest_expiry`` is that of the units in stock: None also when there are none.
    """

    product_id: int
    stock: Decimal | None
    daily: Decimal | None
    nearest_expiry: date | None = None


STORE = """
INSERT INTO pui_stockline AS kept
       (due_on, pui_id, product_id, stock, daily, nearest_expiry, transmission_id)
SELECT %(due_on)s, %(pui)s, given.product, given.stock, given.daily, given.expiry, %(transmission)s
  FROM unnest(%(products)s::bigint[], %(stocks)s::numeric[], %(dailies)s::numeric[],
              %(expiries)s::date[])
       AS given(product, stock, daily, expiry)
 ORDER BY given.product
ON CONFLICT (due_on, pui_id, product_id) DO UPDATE
   SET stock = excluded.stock, daily = excluded.daily, nearest_expiry = excluded.nearest_expiry,
       transmission_id = excluded.transmission_id
"""

# Those that only the one replaced held: the others are of the new one by now.
FORGET = """
DELETE FROM pui_stockline
 WHERE due_on = %(due_on)s AND pui_id = %(pui)s AND transmission_id = %(replaced)s
RETURNING product_id
"""

# Without a look at the past: a declaration of a later day stands, any other gives way.
ADVANCE_LATEST = """
INSERT INTO pui_lateststock AS latest
       (product_id, pui_id, due_on, stock, daily, nearest_expiry, transmitted_at)
SELECT product_id, pui_id, due_on, stock, daily, nearest_expiry, %(now)s FROM pui_stockline
 WHERE due_on = %(due_on)s AND pui_id = %(pui)s AND transmission_id = %(transmission)s
ON CONFLICT (product_id, pui_id) DO UPDATE
   SET due_on = excluded.due_on, stock = excluded.stock, daily = excluded.daily,
       nearest_expiry = excluded.nearest_expiry, transmitted_at = excluded.transmitted_at
 WHERE latest.due_on <= excluded.due_on
"""

# Of the products withdrawn, and of those that theirs had settled (below): the last line among the
# due days that this pharmacy declared.
FALL_BACK = """
WITH touched AS (
    SELECT id FROM medications_product
     WHERE id = ANY(%(products)s)
        OR reference_id IN (SELECT reference_id FROM medications_product
                             WHERE id = ANY(%(products)s))
), days AS (
    SELECT DISTINCT due_on FROM pui_transmission
     WHERE pui_id = %(pui)s AND state = 'confirmed'
), found AS (
    SELECT DISTINCT ON (line.product_id) line.product_id, line.due_on, line.stock, line.daily,
           line.nearest_expiry, sent.confirmed_at
      FROM pui_stockline line
      JOIN pui_transmission sent ON sent.id = line.transmission_id
     WHERE line.due_on = ANY(ARRAY(SELECT due_on FROM days)) AND line.pui_id = %(pui)s
       AND line.product_id = ANY(ARRAY(SELECT id FROM touched))
     ORDER BY line.product_id, line.due_on DESC
), gone AS (
    DELETE FROM pui_lateststock latest
     WHERE latest.pui_id = %(pui)s AND latest.product_id = ANY(ARRAY(SELECT id FROM touched))
       AND latest.product_id <> ALL(ARRAY(SELECT product_id FROM found))
)
INSERT INTO pui_lateststock AS latest
       (product_id, pui_id, due_on, stock, daily, nearest_expiry, transmitted_at)
SELECT product_id, %(pui)s, due_on, stock, daily, nearest_expiry, confirmed_at FROM found
ON CONFLICT (product_id, pui_id) DO UPDATE
   SET due_on = excluded.due_on, stock = excluded.stock, daily = excluded.daily,
       nearest_expiry = excluded.nearest_expiry, transmitted_at = excluded.transmitted_at
"""

# What maPUI sent of a whole reference product and its UCDs themselves are never counted twice: the
# later of the two stands, the UCDs when they are of the same day [001].
SETTLE_VIRTUAL = """
WITH sides AS (
    SELECT product.reference_id,
           max(latest.due_on) FILTER (WHERE product.kind = 'virtual') AS virtual_on,
           max(latest.due_on) FILTER (WHERE product.kind <> 'virtual') AS units_on
      FROM pui_lateststock latest
      JOIN medications_product product ON product.id = latest.product_id
     WHERE latest.pui_id = %(pui)s
     GROUP BY product.reference_id
)
DELETE FROM pui_lateststock latest
 USING medications_product product, sides
 WHERE latest.pui_id = %(pui)s AND product.id = latest.product_id
   AND sides.reference_id = product.reference_id
   AND CASE WHEN product.kind = 'virtual' THEN sides.units_on >= latest.due_on
            ELSE sides.virtual_on > latest.due_on END
"""


@transaction.atomic
def store(
    *,
    by: Sender,
    transmission: Transmission,
    lines: Collection[Declared],
    now: datetime | None = None,
) -> Transmission:
    """Put a transmission in force in place of the one before it; journaled.

    The lines are those of the whole list: a product that the one before held and that this one
    does not is no longer declared. Raise ``StoringError``, and store nothing, when the pharmacy is
    closed, out of reach, or when the due day is.
    """
    now = now or timezone.now()
    rows = Pui.objects.select_for_update(of=("self",)).select_related("establishment")
    pui = rows.get(pk=transmission.pui_id)
    require_open(by, pui, transmission, now)
    if not lines:
        raise StoringError("Aucune ligne à transmettre\u00a0: rien n’a été enregistré.")
    if transmission.origin == Transmission.Origin.MAPUI:
        be_seen_by_a_regrouping()
    replaced = take_the_place_of(transmission, now)
    write(transmission, lines)
    gone = forget_lines(replaced) if replaced else []
    refresh_latest(transmission, gone)
    record(
        "pui.transmitted",
        by=as_person(by),
        target=transmission,
        place=pui.establishment,
        list=transmission.monitored_list_id,
        due=transmission.due_on.isoformat(),
        origin=transmission.origin,
        lines=len(lines),
        replaced=str(replaced.number) if replaced else "",
        **(by.told() if isinstance(by, Machine) else {}),
    )
    return transmission


def require_open(by: Sender, pui: Pui, transmission: Transmission, now: datetime) -> None:
    """Raise ``StoringError`` unless this person may declare this due day of this pharmacy now."""
    if not may_write(by, pui, transmission.monitored_list):
        raise StoringError("Votre profil ne vous permet plus de transmettre pour cette PUI.")
    if not pui.is_open:
        raise StoringError(f"{pui} est fermée depuis le {pui.closed_on:%d/%m/%Y}.")
    if not pui.was_open_on(transmission.due_on):
        raise StoringError(
            f"{pui} n’était pas ouverte le {transmission.due_on:%d/%m/%Y}\u00a0: elle "
            "n’avait rien à déclarer à cette échéance."
        )
    if not period_of(transmission).is_open(now, reopened_until(transmission)):
        raise StoringError(
            f"L’échéance du {transmission.due_on:%d/%m/%Y} n’est pas ouverte\u00a0: "
            "votre ARS peut la rouvrir."
        )


def be_seen_by_a_regrouping() -> None:
    """Until this is committed, one that looks for the pharmacies that sent figures of maPUI waits.

    Beside each other: what starts after that look reads the references as they have become.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [Lock.REGROUPING])


def period_of(transmission: Transmission) -> Period:
    return calendar_of(transmission.monitored_list).period(transmission.due_on)


def reopened_until(transmission: Transmission) -> datetime | None:
    found = Reopening.objects.filter(
        pui=transmission.pui_id,
        monitored_list=transmission.monitored_list_id,
        due_on=transmission.due_on,
    ).values_list("until", flat=True)
    return found.first()


def take_the_place_of(transmission: Transmission, now: datetime) -> Transmission | None:
    """Put this one in force; the one that was is kept, replaced. Say which it was."""
    others = Transmission.objects.filter(
        pui=transmission.pui_id,
        monitored_list=transmission.monitored_list_id,
        due_on=transmission.due_on,
        state=State.CONFIRMED,
    ).exclude(pk=transmission.pk)
    replaced = others.first()
    if replaced:
        replaced.state, replaced.replaced_by = State.REPLACED, transmission
        replaced.save(update_fields=["state", "replaced_by"])
    transmission.state, transmission.confirmed_at = State.CONFIRMED, now
    transmission.save(update_fields=["state", "confirmed_at", "report", "content"])
    return replaced


def forget_lines(replaced: Transmission) -> list[int]:
    """Take away the lines that only the replaced one held; the database keeps them apart."""
    with connection.cursor() as cursor:
        place: dict[str, Any] = {
            "due_on": replaced.due_on,
            "pui": replaced.pui_id,
            "replaced": replaced.pk,
        }
        cursor.execute(FORGET, place)
        return [product for (product,) in cursor.fetchall()]


def write(transmission: Transmission, lines: Collection[Declared]) -> None:
    products, stocks, dailies, expiries = zip(*lines, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            {
                "due_on": transmission.due_on,
                "pui": transmission.pui_id,
                "transmission": transmission.pk,
                "products": list(products),
                "stocks": list(stocks),
                "dailies": list(dailies),
                "expiries": list(expiries),
            },
        )


def refresh_latest(transmission: Transmission, gone: Sequence[int]) -> None:
    """Bring the summary of a pharmacy up to date; ``gone`` are the products withdrawn."""
    place: dict[str, Any] = {
        "pui": transmission.pui_id,
        "due_on": transmission.due_on,
        "transmission": transmission.pk,
        "now": transmission.confirmed_at,
        "products": gone,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE_LATEST, place)
        if gone:
            cursor.execute(FALL_BACK, place)
        cursor.execute(SETTLE_VIRTUAL, place)
