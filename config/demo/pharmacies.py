"""Pharmacies and what they declared: twelve weeks of plausible stocks, drawn in the database.

As for protective equipment, every figure is drawn from a hash of the pharmacy, the product and the
due day: the same world each time, whatever its size. The first region lacks one DCI, its clinics
are late, and the pharmacy of the group, which has nobody yet, never declared. Most tell expiries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from config.demo.country import FIRST_REGION, GROUP, SERVING, SMALL_EHPAD
from config.demo.history import DRAW
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import MonitoredList
from pui.models import Pui, Transmission
from pui.region.refreshing import refresh_all

DUE_DAYS = 12
LASTING = 12  # due days within which everybody who declares has declared
WITH_PHARMACY = 0.95  # of the sites whose category has one
BEGUN = 0.35  # pharmacies that have declared the due day expected
OF_STRENGTH = "coalesce(product.reference_id::text, product.code)"  # a device has no reference
SHORT = "CISATRACURIUM"  # the DCI that the first region lacks
GIVING = "698"  # but in its smallest pharmacies: they may help the others, a little
DUE_DRAW = (
    "((hashint8extended({}, %(due_on)s::date - DATE '2000-01-03') & 2147483647)"
    " / 2147483648.0::float8)"
)
TELLING = 0.6  # pharmacies that declare the nearest expiry of each product
# how much a pharmacy dispenses, by the category of its site, relative to a general hospital
SIZES = {"101": 5.0, "355": 1.0, "128": 0.4, "697": 0.6, "698": 0.05}

PHARMACIES = f"""
INSERT INTO pui_pui
       (establishment_id, label, ipe, recipient, address, postal_code, town, address_reason, access,
        delivery_terms, opening_hours, contact_name, contact_phone, contact_email, on_call_phone,
        opened_on, closing_reason, created_at)
SELECT site.id,
       CASE WHEN site.name LIKE '%%PUI%%' THEN site.name
            ELSE 'PUI ' || regexp_replace(site.name, '^Hôpital ', '') END,
       '', 'Pharmacie à usage intérieur',
       CASE WHEN site.address = '' THEN '1 rue de l’Hôpital' ELSE site.address END,
       CASE WHEN site.postal_code = '' THEN lpad(site.department_id, 2, '0') || '000'
            ELSE site.postal_code END,
       site.town, '', 'Quai de livraison derrière le bâtiment des urgences.',
       'Hayon obligatoire\u00a0; froid à remettre en main propre.',
       'Du lundi au vendredi, 8\u00a0h\u00a030 à 16\u00a0h',
       'Secrétariat de la pharmacie', '02 61 91 00 00',
       'pharmacie.' || lower(site.finess) || '@sante.example', '02 61 91 00 01',
       DATE '2015-01-01', '', now()
  FROM establishments_establishment site
 WHERE site.is_fictitious AND site.closed_on IS NULL AND site.region_id IS NOT NULL
   AND site.category_id = ANY(%(categories)s)
   AND {DRAW.format("site.finess || 'pui'")} < %(share)s
   AND NOT EXISTS (SELECT FROM pui_pui there WHERE there.establishment_id = site.id)
 ORDER BY site.finess LIMIT %(missing)s
"""  # noqa: S608 – the only texts put in are the constants above

# EHPAD, USLD and home care of a hospital, and a neighbour, served by its pharmacy [001]
SERVED = f"""
INSERT INTO pui_servedestablishment (pui_id, establishment_id, starts_on)
SELECT DISTINCT ON (site.id) pui.id, site.id, DATE '2020-01-01'
  FROM establishments_establishment site
  JOIN establishments_establishment host
       ON host.category_id = '355'
      AND (host.legal_entity_id = site.legal_entity_id
           OR site.name = %(neighbour)s AND host.name = %(serving)s)
  JOIN pui_pui pui ON pui.establishment_id = host.id AND pui.closed_on IS NULL
 WHERE site.is_fictitious AND site.closed_on IS NULL AND site.category_id IN ('500', '362', '127')
   AND (site.name = %(neighbour)s OR {DRAW.format("site.finess || 'served'")} < 0.75)
   AND NOT EXISTS (SELECT FROM pui_pui own WHERE own.establishment_id = site.id)
   AND NOT EXISTS (SELECT FROM pui_servedestablishment there
                    WHERE there.establishment_id = site.id)
 ORDER BY site.id, pui.id
"""  # noqa: S608

HOLDINGS = f"""
CREATE TEMPORARY TABLE demo_holding AS
SELECT pui.id AS pui_id, product.id AS product_id,
       GREATEST(0.5, size.factor * (0.5 + {DRAW.format("site.finess")})
         * 40 * power({DRAW.format("product.code")}, 2)) AS daily,
       30.0 AS cover_before,
       CASE WHEN site.region_id = %(region)s AND substance.name = %(short)s
            THEN CASE site.category_id WHEN %(giving)s THEN 90.0 ELSE 11.0 END
            ELSE 34.0 * (0.25 + 1.5 * {DRAW.format(f"{OF_STRENGTH} || site.region_id")})
            END AS cover_after,
       0.35 + 1.3 * {DRAW.format("site.finess || product.code")} AS ease,
       {DRAW.format("site.finess || product.code || 'out'")} < 0.01 AS may_run_out,
       CASE WHEN {DRAW.format("site.finess || 'expiries'")} < {TELLING}
            THEN 25 + 700 * power({DRAW.format("site.finess || product.code || 'expiry'")}, 2)
            END AS shelf_days,
       site.region_id = %(region)s AND site.category_id = '128' AS is_late,
       hashtextextended(site.finess || pui.label, 1) AS place_seed,
       hashtextextended(site.finess || pui.label || product.code, 2) AS cell_seed
  FROM pui_pui pui
  JOIN establishments_establishment site ON site.id = pui.establishment_id
  JOIN unnest(%(categories)s::text[], %(factors)s::float8[]) size(code, factor)
       ON size.code = site.category_id
  JOIN medications_monitoring followed
       ON followed.monitored_list_id = %(list)s AND followed.ends_on IS NULL
  JOIN medications_product product ON product.id = followed.product_id
  LEFT JOIN medications_substance substance ON substance.id = product.substance_id
 WHERE pui.closed_on IS NULL AND site.is_fictitious AND site.name <> %(silent)s
   AND {DRAW.format("site.finess || product.code || 'held'")}
       < CASE followed.priority WHEN 1 THEN %(held_first)s ELSE %(held)s END
 ORDER BY pui.id, product.id
"""  # noqa: S608

# of sixteen pharmacies, one has missed the last due day, another the last six
SENT = f"""
INSERT INTO pui_transmission
       (number, pui_id, monitored_list_id, due_on, origin, state, filename, path, digest, key,
        content, report, message, received_at, confirmed_at, progress)
SELECT gen_random_uuid(), pharmacy.pui_id, %(list)s, %(due_on)s, 'file', 'confirmed',
       'stock_' || to_char(%(due_on)s, 'DD-MM') || '.xlsx', '', '', '', '[]', '{{}}', '',
       pharmacy.sent_at, pharmacy.sent_at, 0
  FROM (SELECT DISTINCT pui_id,
               LEAST(%(now)s::timestamptz, %(due_at)s::timestamptz - INTERVAL '4 days'
                     * {DUE_DRAW.format("place_seed # 1")}) AS sent_at, place_seed, is_late
          FROM demo_holding) pharmacy
 WHERE {DUE_DRAW.format("pharmacy.place_seed")} < %(declared)s
   AND %(back)s > CASE pharmacy.place_seed & 15 WHEN 12 THEN 1 WHEN 13 THEN 6 ELSE -1 END
   AND NOT (pharmacy.is_late AND %(is_recent)s)
    ON CONFLICT DO NOTHING
"""  # noqa: S608

# as boxes print it: the end of a month
EXPIRY = """(date_trunc('month', %(due_on)s::date + drawn.shelf_days::integer)
             + INTERVAL '1 month - 1 day')::date"""

LINES = f"""
INSERT INTO pui_stockline
       (due_on, pui_id, product_id, stock, daily, nearest_expiry, transmission_id)
SELECT %(due_on)s, drawn.pui_id, drawn.product_id, drawn.stock, round(drawn.daily::numeric, 2),
       CASE WHEN drawn.stock > 0 THEN {EXPIRY} END, sent.id
  FROM (SELECT *, CASE WHEN may_run_out AND %(progress)s > 0.8 THEN 0
                       ELSE round((daily * cover)::numeric, 0) END AS stock
          FROM (SELECT *, GREATEST(0, (cover_before + (cover_after - cover_before) * %(progress)s)
                          * ease * (0.92 + 0.16 * {DUE_DRAW.format("cell_seed")})) AS cover
                  FROM demo_holding) covered) drawn
  JOIN pui_transmission sent
       ON sent.pui_id = drawn.pui_id AND sent.monitored_list_id = %(list)s
      AND sent.due_on = %(due_on)s AND sent.state = 'confirmed' AND sent.received_by_id IS NULL
    ON CONFLICT DO NOTHING
"""  # noqa: S608

LATEST = """
INSERT INTO pui_lateststock
       (product_id, pui_id, due_on, stock, daily, nearest_expiry, transmitted_at)
SELECT DISTINCT ON (line.pui_id, line.product_id)
       line.product_id, line.pui_id, line.due_on, line.stock, line.daily, line.nearest_expiry,
       sent.confirmed_at
  FROM pui_stockline line
  JOIN pui_transmission sent ON sent.id = line.transmission_id
 WHERE line.due_on = ANY(%(days)s) AND sent.monitored_list_id = %(list)s
 ORDER BY line.pui_id, line.product_id, line.due_on DESC
    ON CONFLICT (product_id, pui_id) DO UPDATE
   SET due_on = excluded.due_on, stock = excluded.stock, daily = excluded.daily,
       nearest_expiry = excluded.nearest_expiry, transmitted_at = excluded.transmitted_at
 WHERE pui_lateststock.due_on < excluded.due_on
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares: of the products held, those of the first priority apart; of the days declared."""

    held_first: float = 0.95
    held: float = 0.7
    declared: float = 0.9


USUAL = Habits()


def build_pharmacies(*, due_days: int = DUE_DAYS) -> int:
    """Create the pharmacies and the declarations that are missing; say how many there are."""
    open_pharmacies()
    for monitored_list in MonitoredList.objects.all():
        declare(monitored_list, due_days)
    refresh_all()
    return Pui.objects.count()


def open_pharmacies(most: int | None = None) -> None:
    """Create those that are missing, no more than ``most`` in all, and whom they serve."""
    missing = None if most is None else max(0, most - Pui.objects.count())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        asked = {"categories": list(SIZES), "share": WITH_PHARMACY, "missing": missing}
        cursor.execute(PHARMACIES, asked)
        cursor.execute(SERVED, {"neighbour": SMALL_EHPAD.name, "serving": SERVING})


def declare(monitored_list: MonitoredList, due_days: int, habits: Habits = USUAL) -> None:
    """The last due days of one list; the one expected has begun to come in."""
    calendar = calendar_of(monitored_list)
    now = timezone.now()
    days = [*reversed(calendar.past_dues(now, due_days)), calendar.expected(now).due_on]
    told = Transmission.objects.filter(monitored_list=monitored_list, due_on__in=days)
    done = set(told.values_list("due_on", flat=True).distinct())
    if done.issuperset(days):
        return
    with _holdings(monitored_list, habits) as cursor:
        for day in days:
            if day not in done:
                parameters = _day(monitored_list, calendar, day, days, now)
                cursor.execute(SENT, parameters | {"declared": _declared(day, days, habits)})
                cursor.execute(LINES, parameters)
        cursor.execute(LATEST, {"days": days[-LASTING:], "list": monitored_list.pk})


def _declared(day: date, days: list[date], habits: Habits) -> float:
    return BEGUN if day == days[-1] else habits.declared


@contextmanager
def _holdings(monitored_list: MonitoredList, habits: Habits) -> Iterator:
    """Draw once what each pharmacy holds of each product of the list."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("DROP TABLE IF EXISTS demo_holding")
        cursor.execute(
            HOLDINGS,
            {
                "list": monitored_list.pk,
                "categories": list(SIZES),
                "factors": list(SIZES.values()),
                "region": FIRST_REGION,
                "short": SHORT,
                "giving": GIVING,
                "silent": GROUP.sites[0].name,
                "held_first": habits.held_first,
                "held": habits.held,
            },
        )
        cursor.execute("ANALYZE demo_holding")
        yield cursor
        cursor.execute("DROP TABLE demo_holding")


def _day(
    monitored_list: MonitoredList,
    calendar: ReportingCalendar,
    day: date,
    days: list[date],
    now: datetime,
) -> dict[str, Any]:
    span = max(timedelta(days=1), days[-1] - days[0])
    return {
        "list": monitored_list.pk,
        "due_on": day,
        "due_at": calendar.due_at(day),
        "now": now,
        "is_recent": day in days[-2:],
        "progress": (day - days[0]) / span,
        "back": len(days) - 1 - days.index(day),
    }
