"""What was declared, as a file; and the template to declare many establishments at once."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.http import FileResponse

from accounts.models import User
from common.exports import csv_response, spreadsheet_response, template_response
from common.reading import reading
from epi_stocks.models import EpiItem, WeeklyInventory
from epi_stocks.transfer.choices import places_to_declare
from epi_stocks.transfer.columns import EXPORT_HEADERS, FINESS, NOTES, TEMPLATE_HEADERS
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record

# The cells as typed: sizes and totals each on their line; blank lines are left out.
LINES = """
SELECT place.finess, place.name, line.week, item.label, line.stock, line.daily, line.supply,
       line.saved_at
  FROM epi_stocks_inventoryline line
  JOIN establishments_establishment place ON place.id = line.establishment_id
  JOIN epi_stocks_epiitem item ON item.id = line.item_id
 WHERE line.week = ANY(%(weeks)s) AND line.establishment_id = ANY(%(places)s)
   AND num_nonnulls(line.stock, line.daily, line.supply) > 0
 ORDER BY place.sort_name, place.finess, line.week DESC, item.rank
"""


def inventory_template(user: User, week: date) -> FileResponse:
    """A workbook with a line per establishment to declare and per item counted that week.

    Journaled, as every export: it names all the establishments of a perimeter.
    """
    reach = places_to_declare(user, week).order_by("sort_name", "finess")
    places = list(reach.values_list("finess", "name"))
    items = list(EpiItem.objects.on(week).values_list("label", flat=True))
    filename = f"inventaire-epi-{week}"
    record(
        "epi_stocks.template_downloaded",
        by=user,
        target=filename,
        week=week.isoformat(),
        establishments=len(places),
    )
    rows = ((*place, label, None, None, None) for place in places for label in items)
    return template_response(
        TEMPLATE_HEADERS,
        rows,
        NOTES,
        filename=filename,
        text_columns=(FINESS.header,),
    )


def export_inventory(
    user: User,
    *,
    establishment_ids: Iterable[int],
    weeks: Iterable[date] | None = None,
    kind: str = "xlsx",
    filename: str = "stocks-epi",
) -> FileResponse:
    """What these establishments declared (``weeks`` None: ever), within the reading perimeter.

    Journaled, as every export. ``kind``: "xlsx" or "csv".
    """
    reach = Establishment.objects.for_user(user, to=Action.EPI_READ)
    places = list(reach.filter(pk__in=list(establishment_ids)).values_list("pk", flat=True))
    chosen = sorted(set(weeks)) if weeks is not None else declared_weeks(places)
    record(
        "epi_stocks.exported",
        by=user,
        target=filename,
        place=reach.filter(pk__in=places).first() if len(places) == 1 else None,
        establishments=len(places),
        weeks=len(chosen),
    )
    rows = declared_rows(places, chosen)
    if kind == "csv":
        return csv_response(EXPORT_HEADERS, rows, filename=filename)
    return spreadsheet_response("Stocks", EXPORT_HEADERS, rows, filename=filename)


def declared_weeks(places: list[int]) -> list[date]:
    """The weeks in which these places typed something: a read of the lines names its Mondays."""
    headers = WeeklyInventory.objects.filter(establishment__in=places, first_saved_at__isnull=False)
    return list(headers.order_by("week").values_list("week", flat=True).distinct())


def declared_rows(places: list[int], weeks: list[date]) -> Iterator[tuple]:
    with reading.cursor() as cursor:
        cursor.execute(LINES, {"weeks": weeks, "places": places})
        while rows := cursor.fetchmany(2000):
            yield from rows
