"""What was typed by others: a colleague in one's own grids, the places of one's territory."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from common.cover import Level, level
from common.home import Change
from common.reading import reading
from common.weeks import current_week, iso_number, shift
from epi_stocks.dashboard.figures import plural
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, WeeklyInventory
from epi_stocks.summaries.places import places_sql
from establishments.models import Establishment
from establishments.perimeter import Action

MOST: Final = 40

# Of one's own places: each colleague, each week, and how many lines had been typed by oneself.
BY_OTHERS = """
SELECT line.week, site.finess, site.name, person.first_name, person.last_name, person.username,
       count(*) AS lines, max(line.saved_at) AS at,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM epi_stocks_replacedline was
            WHERE was.week = line.week AND was.establishment_id = line.establishment_id
              AND was.item_id = line.item_id AND was.saved_by_id = %(me)s
              AND was.replaced_at > %(since)s)) AS mine
  FROM epi_stocks_inventoryline line
  JOIN establishments_establishment site ON site.id = line.establishment_id
  JOIN accounts_user person ON person.id = line.saved_by_id
 WHERE line.week = ANY(%(weeks)s) AND site.id = ANY({places}) AND line.saved_at > %(since)s
   AND line.saved_by_id <> %(me)s
 GROUP BY line.week, site.finess, site.name, person.first_name, person.last_name, person.username
 ORDER BY at DESC
 LIMIT %(most)s
"""

# Lines typed since, with what counted before: the value replaced, else that of the week before.
# Few were short: they are found first, else each line of a region is looked at for its past.
TYPED_AGAIN = """
WITH held AS MATERIALIZED (SELECT {places} AS places),
short AS MATERIALIZED (
    SELECT past.establishment_id, past.item_id
      FROM epi_stocks_inventoryline past
     WHERE past.week = ANY(ARRAY[%(before)s::date])
       AND past.establishment_id = ANY((SELECT places FROM held)::bigint[])
       AND (past.stock = 0 OR past.stock < past.daily)
     UNION
    SELECT past.establishment_id, past.item_id
      FROM epi_stocks_replacedline past
     WHERE past.week = %(week)s AND past.replaced_at > %(since)s
       AND past.establishment_id = ANY((SELECT places FROM held)::bigint[])
       AND (past.stock = 0 OR past.stock < past.daily)
)
SELECT site.finess, site.name, line.item_id, line.saved_at, line.stock, line.daily,
       was.stock, was.daily
  FROM short
  JOIN epi_stocks_effectiveline line
    ON line.establishment_id = short.establishment_id AND line.item_id = short.item_id
  JOIN establishments_establishment site ON site.id = line.establishment_id
 CROSS JOIN LATERAL (
     SELECT found.stock, found.daily
       FROM (SELECT 0 AS rank, past.replaced_at, past.stock, past.daily
               FROM epi_stocks_replacedline past
              WHERE past.week = line.week AND past.establishment_id = line.establishment_id
                AND past.item_id = line.item_id AND past.replaced_at > %(since)s
              UNION ALL
             SELECT 1, NULL, past.stock, past.daily
               FROM epi_stocks_inventoryline past
              WHERE past.week = %(before)s AND past.establishment_id = line.establishment_id
                AND past.item_id = line.item_id) found
      ORDER BY found.rank, found.replaced_at
      LIMIT 1) was
 WHERE line.week = ANY(ARRAY[%(week)s::date]) AND line.saved_at > %(since)s
   AND line.establishment_id = ANY(ARRAY(SELECT DISTINCT establishment_id FROM short))
   AND (was.stock = 0 OR was.stock < was.daily) AND line.stock > 0
 ORDER BY line.saved_at DESC
 LIMIT 400
"""


def colleague_changes(user: User, since: datetime) -> list[Change]:
    """« Nadia Benali a modifié 2 lignes que vous aviez saisies (EHPAD Les Tilleuls, N°47). »"""
    if not user.may(Action.EPI_WRITE):
        return []
    week = current_week()
    asked = {"me": user.pk, "since": since, "weeks": [week, shift(week, -1)], "most": MOST}
    rows = _rows(BY_OTHERS, Establishment.objects.for_user(user, to=Action.EPI_WRITE), asked)
    return [_colleague_change(*row) for row in rows]


def _colleague_change(
    week: date,
    finess: str,
    place: str,
    first: str,
    last: str,
    username: str,
    lines: int,
    at: datetime,
    mine: int,
) -> Change:
    who = f"{first} {last}".strip() or username
    what = plural(mine or lines, "ligne")
    words = "{} a modifié <strong>{}</strong> que vous aviez saisies ({}, semaine {})."
    if not mine:
        words = "{} a saisi <strong>{}</strong> de l’inventaire ({}, semaine {})."
    elif mine == 1:
        words = words.replace("saisies", "saisie")
    text = format_html(words, who, what, place, iso_number(week))
    url = reverse("epi_stocks:inventory", args=[finess, week])
    return Change(at, text, url, "Voir la grille")


def territory_changes(user: User, since: datetime) -> list[Change]:
    """Who declared for the first time; who is out of rupture. For a region or a department."""
    held = user.perimeter_to(Action.DASH_EPI)
    if not (held.region_codes or held.department_codes):
        return []
    places = Establishment.objects.for_user(user, to=Action.DASH_EPI)
    return [*_first_declarations(places, since), *_out_of_rupture(places, since)]


def _first_declarations(places, since: datetime) -> Iterator[Change]:
    week = current_week()
    earlier = WeeklyInventory.objects.filter(
        establishment=OuterRef("establishment"), week__lt=week, first_saved_at__isnull=False
    )
    rows = WeeklyInventory.objects.filter(
        ~Exists(earlier), week=week, first_saved_at__gt=since, establishment__in=places
    )
    found = rows.order_by().values_list("establishment__name").annotate(at=Max("first_saved_at"))
    named = sorted(found, key=lambda one: one[1], reverse=True)
    if not named:
        return
    url = reverse("epi_stocks:visu")
    count = plural(len(named), "établissement")
    words = "<strong>{}</strong> {} déclaré pour la première fois."
    text = format_html(words, count, "ont" if len(named) > 1 else "a")
    if len(named) == 1:
        text = format_html("<strong>{}</strong> déclare pour la première fois.", named[0][0])
    yield Change(named[0][1], text, url, "Voir")


def _out_of_rupture(places, since: datetime) -> Iterator[Change]:
    """Each place once, with the items that are no longer in rupture."""
    week = current_week()
    asked = {"since": since, "week": week, "before": shift(week, -1)}
    rows = _rows(TYPED_AGAIN, places, asked)
    if not rows:
        return
    days, items = thresholds_on(week), EpiItem.objects.in_bulk()
    out: dict[str, list[tuple[str, str, datetime]]] = {}
    for finess, name, item, at, stock, daily, was_stock, was_daily in rows:
        limits = days.get(item, days[None])
        was, now = level(was_stock, was_daily, limits), level(stock, daily, limits)
        if was is Level.SHORTAGE and now not in (Level.SHORTAGE, Level.UNKNOWN):
            out.setdefault(finess, []).append((name, items[item].plural, at))
    for finess, found in list(out.items())[:MOST]:
        name, _, at = found[0]
        what = ", ".join(one[0].lower() + one[1:] for _, one, _ in found)
        text = format_html("{} sort de <strong>rupture</strong> ({}).", name, what)
        yield Change(at, text, reverse("epi_stocks:visu_establishment", args=[finess]), "Voir")


def _rows(statement: str, held, asked: dict) -> list[tuple]:
    places, parameters = places_sql(held)
    with reading.cursor() as cursor:
        cursor.execute(statement.format(places=places), asked | parameters)
        return cursor.fetchall()
