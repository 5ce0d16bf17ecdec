"""Read one grid in one statement, and put it in the order in which it is shown."""

import json
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from common.weeks import week_label, weeks_back
from epi_stocks.anomalies import doubt_sentence, is_confirmed, is_doubtful
from epi_stocks.calendar import WeekCalendar
from epi_stocks.grid.shapes import Cell, Grid, GridRow
from epi_stocks.grid.sql import GRID
from epi_stocks.grid.states import SiteFacts, state_of
from epi_stocks.indicators import DEFAULT_THRESHOLDS, Level, Thresholds, days_of_cover, level
from epi_stocks.models import InventoryLine
from epi_stocks.models.inventory import MEASURES
from epi_stocks.models.item import SIZES_FROM
from epi_stocks.services.saving import SavingError
from establishments.perimeter import Action, Perimeter

EARLIER_WEEKS = 12
LABELS = {one: str(InventoryLine._meta.get_field(one).verbose_name) for one in MEASURES}


def load_grid(
    user: User,
    finess: str,
    week: date,
    *,
    sizes: tuple[str, ...] = (),
    now: datetime | None = None,
) -> Grid:
    """Read one grid in one statement. Raise ``Http404`` outside the person's reading perimeter.

    ``sizes`` opens glove sizes even when none is filled yet ("medical", "surgical").
    """
    parameters = {
        "finess": finess,
        "week": week,
        "weeks": [week],
        "earlier": weeks_back(week, EARLIER_WEEKS + 1)[:-1],
    }
    with connection.cursor() as cursor:
        cursor.execute(GRID, parameters)
        found = cursor.fetchone()
    data = as_json(found[0]) if found else None
    if data is None or not may_read(user, data["place"]):
        raise Http404("Aucun établissement ne porte ce numéro dans votre périmètre.")
    return grid_of(user, data, week, sizes, now or timezone.now())


def as_json(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value


def may_read(user: User, place: dict[str, Any]) -> bool:
    reach = user.perimeter_to(Action.EPI_READ) | user.perimeter_to(Action.EPI_WRITE)
    return is_inside(reach, place)


def is_inside(perimeter: Perimeter, place: dict[str, Any]) -> bool:
    """The same rule as ``Perimeter.as_q``, for a row already read."""
    return (
        perimeter.is_national
        or place["region"] in perimeter.region_codes
        or place["department"] in perimeter.department_codes
        or place["entity"] in perimeter.legal_entity_ids
        or place["id"] in perimeter.establishment_ids
    )


def calendar_from(week: date, rule: dict[str, Any] | None) -> WeekCalendar:
    if rule is None:
        return WeekCalendar(week)
    at = datetime.strptime(rule["time"][:5], "%H:%M").time()  # noqa: DTZ007 - an hour, no date
    return WeekCalendar(week, rule["weekday"], at, rule["closes"], rule["carried"])


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def grid_of(
    user: User, data: dict[str, Any], week: date, sizes: tuple[str, ...], now: datetime
) -> Grid:
    place, header = data["place"], data["header"] or {}
    calendar = calendar_from(week, data["rule"])
    reopened_until = moment(header.get("reopened_until"))
    is_open = calendar.is_open(now, reopened_until)
    refusal = refusal_of(user, data, calendar, is_open=is_open, week=week)
    last_week = date.fromisoformat(data["last_week"]) if data["last_week"] else None
    table = Rows(data, sizes, is_read_only=bool(refusal))
    rows = table.build()
    lines = data["lines"].values()
    cells = [cell for row in rows for cell in row.cells]
    first_saved_at = moment(header.get("first_saved_at"))
    filled = sum(line[measure] is not None for line in lines for measure in MEASURES)
    facts = SiteFacts(
        is_expected=data["is_expected"],
        filled=filled,
        countable=table.countable,
        missing=sum(cell.is_missing for cell in cells if cell.item_id < SIZES_FROM),
        first_saved_at=first_saved_at,
        last_week=last_week,
        covered_by=data["covered_by"] or "",
    )
    return Grid(
        establishment_id=place["id"],
        finess=place["finess"],
        name=place["name"],
        legal_entity_id=place["entity"],
        legal_entity_name=place["entity_name"],
        is_main=place["is_main"],
        week=week,
        week_label=week_label(week),
        is_open=is_open,
        may_write=not refusal,
        closed_sentence=refusal,
        deadline=calendar.deadline,
        deadline_sentence=calendar.deadline_sentence,
        closes_at=calendar.closes_at,
        reopened_until=reopened_until,
        reopening_reason=header.get("reason") or "",
        covered_by=data["covered_by"] or "",
        first_saved_at=first_saved_at,
        last_saved_at=max((moment(line["saved_at"]) for line in lines), default=None),
        last_week=last_week,
        last_sentence=last_sentence(data, last_week),
        rows=rows,
        open_sizes=list(dict.fromkeys(row.size_kind for row in rows if row.size_kind)),
        filled=filled,
        countable=table.countable,
        to_check=sum(bool(cell.doubt) and not cell.is_confirmed for cell in cells),
        blank_to_copy=data["blank_to_copy"],
        state=state_of(facts, calendar, now),
    )


def refusal_of(
    user: User, data: dict[str, Any], calendar: WeekCalendar, *, is_open: bool, week: date
) -> str:
    """Say why this grid is only to be read, in the words of the save that would be refused."""
    place = data["place"]
    if not is_inside(user.perimeter_to(Action.EPI_WRITE), place):
        return "Cette grille se consulte : l’établissement la remplit lui-même."
    if place["closed_on"] and place["closed_on"] < week.isoformat():
        return str(SavingError("closed_establishment", week))
    if not is_open:
        is_future = calendar.week > timezone.localdate()
        return str(SavingError("future" if is_future else "closed", week))
    if data["covered_by"]:
        return (
            f"Ce site est couvert par {data['covered_by']} : son stock y est déclaré. Pour le "
            "déclarer ici, décochez-le d’abord sur ce tableau-là."
        )
    return ""


def last_sentence(data: dict[str, Any], last_week: date | None) -> str:
    """« La semaine du 09/11/2020 (dernière renseignée) vous avez déclaré un stock de … » [002]."""
    if last_week is None:
        return ""
    held = data["last_effective"]
    parts = [
        f"{format_integer(held[str(item['id'])])}\u00a0{item['plural']}"
        for item in data["items"]
        if held.get(str(item["id"])) is not None
    ]
    if not parts:
        return (
            f"La semaine du {last_week:%d/%m/%Y} (dernière renseignée) "
            "vous n’avez déclaré aucun stock."
        )
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
    return (
        f"La semaine du {last_week:%d/%m/%Y} (dernière renseignée) "
        f"vous avez déclaré un stock de {listed}."
    )


class Rows:
    """The rows of a grid, from what the statement returned."""

    def __init__(self, data: dict[str, Any], sizes: tuple[str, ...], *, is_read_only: bool):
        self.items = data["items"]
        self.lines = data["lines"]
        self.earlier = data["last_lines"]
        self.reasons = data["reasons"]
        self.is_read_only = is_read_only
        self.used = self._used_by_parent()
        self.open_kinds = self._open_kinds(sizes)

    def _used_by_parent(self) -> set[int]:
        """Items whose sizes hold a value this week: their total is computed."""
        return {
            item["parent"] for item in self.items if item["parent"] and self._is_filled(item["id"])
        }

    def _is_filled(self, item_id: int) -> bool:
        line = self.lines.get(str(item_id), {})
        return any(line.get(measure) is not None for measure in MEASURES)

    def _open_kinds(self, sizes: tuple[str, ...]) -> set[str]:
        """Asked for, filled this week, or filled last week while the total is still blank."""
        kinds = set(sizes)
        for item in self.items:
            if not item["parent"]:
                continue
            before = self.earlier.get(str(item["id"]), {})
            was_used = any(before.get(measure) is not None for measure in MEASURES)
            if self._is_filled(item["id"]) or (was_used and not self._is_filled(item["parent"])):
                kinds.add(item["kind"])
        return kinds

    @property
    def countable(self) -> int:
        """Cells to fill: the sizes of the kinds in use, else the total; never both."""
        kinds = {one["kind"] for one in self.items if one["parent"] and self._is_filled(one["id"])}
        counted = [
            one
            for one in self.items
            if (one["kind"] in kinds if one["parent"] else one["id"] not in self.used)
        ]
        return len(counted) * len(MEASURES)

    def build(self) -> list[GridRow]:
        shown = [one for one in self.items if not one["parent"] or one["kind"] in self.open_kinds]
        return [self.row(item) for item in shown]

    def row(self, item: dict[str, Any]) -> GridRow:
        is_total = item["id"] in self.used
        values = self.total_of(item["id"], self.lines) if is_total else self.line_of(item["id"])
        before = self.earlier.get(str(item["id"]), {})
        if not any(before.get(measure) is not None for measure in MEASURES):
            before = self.total_of(item["id"], self.earlier)
        cells = [self.cell(item, one, values, before, is_total=is_total) for one in MEASURES]
        stock, daily, _supply = (cell.value for cell in cells)
        days = item["thresholds"]
        thresholds = Thresholds(*days) if days[0] is not None else DEFAULT_THRESHOLDS
        found = level(stock, daily, thresholds)
        return GridRow(
            item_id=item["id"],
            code=item["code"],
            label=item["label"],
            parent_id=item["parent"],
            size_kind=item["kind"],
            cells=cells,
            days=days_of_cover(stock, daily),
            level=found,
            thresholds=thresholds,
            is_total=is_total,
            note=self.note(item, cells, found, is_total=is_total),
        )

    def line_of(self, item_id: int) -> dict[str, Any]:
        return self.lines.get(str(item_id), {})

    def sizes_of(self, item_id: int, lines: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            lines[str(one["id"])]
            for one in self.items
            if one["parent"] == item_id and str(one["id"]) in lines
        ]

    def total_of(self, item_id: int, lines: dict[str, Any]) -> dict[str, Any]:
        """Column by column; blank sizes ignored, all blank stays blank (as in the view)."""
        found = self.sizes_of(item_id, lines)
        total: dict[str, Any] = {}
        for measure in MEASURES:
            values = [line[measure] for line in found if line[measure] is not None]
            total[measure] = sum(values) if values else None
        return total

    def cell(
        self,
        item: dict[str, Any],
        measure: str,
        values: dict[str, Any],
        before: dict[str, Any],
        *,
        is_total: bool,
    ) -> Cell:
        doubts = values.get("doubts") or 0
        is_doubted = is_doubtful(doubts, measure) or is_confirmed(doubts, measure)
        code, last = self.reasons.get(f"{item['id']}-{measure}", (0, None))
        doubt = doubt_sentence(code, last) or "valeur inhabituelle" if is_doubted else ""
        return Cell(
            item_id=item["id"],
            measure=measure,
            label=LABELS[measure],
            value=values.get(measure),
            previous=before.get(measure),
            doubt=doubt,
            is_confirmed=is_confirmed(doubts, measure),
            is_read_only=is_total or self.is_read_only,
        )

    def note(self, item: dict[str, Any], cells: list[Cell], found: Level, *, is_total: bool) -> str:
        stock, _daily, _supply = (cell.value for cell in cells)
        if is_total:
            return self.doubtful_sizes(item)
        if all(cell.value is None for cell in cells):
            return "rien de saisi"
        if found is not Level.UNKNOWN:
            return ""
        return "stock non renseigné" if stock is None else "consommation non renseignée"

    def doubtful_sizes(self, item: dict[str, Any]) -> str:
        names = [
            one["label"].rpartition(" ")[2]
            for one in self.items
            if one["parent"] == item["id"] and (self.line_of(one["id"]).get("doubts") or 0) & 7
        ]
        if not names:
            return ""
        word = "taille" if len(names) == 1 else "tailles"
        return f"à vérifier : {word} {', '.join(names)}"
