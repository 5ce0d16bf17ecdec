"""Read one grid in one statement, and put it in the order in which it is shown."""

import json
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from common.weeks import current_week, week_label, weeks_back
from epi_stocks.calendar import WeekCalendar, selectable_weeks
from epi_stocks.grid.rows import Rows
from epi_stocks.grid.shapes import Grid
from epi_stocks.grid.sql import GRID
from epi_stocks.grid.states import SiteFacts, state_of
from epi_stocks.models.inventory import MEASURES
from epi_stocks.models.item import SIZES_FROM
from epi_stocks.services.saving import SavingError
from establishments.perimeter import Action, Perimeter

EARLIER_WEEKS = 12


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
    now = now or timezone.now()
    parameters = {
        "finess": finess,
        "week": week,
        "weeks": [week],
        "earlier": weeks_back(week, EARLIER_WEEKS + 1)[:-1],
        "choices": [week, *selectable_weeks(now)],
    }
    found = rows_of(GRID, parameters)
    data = as_json(found[0]["found"]) if found else None
    if data is None or not may_read(user, data["place"]):
        raise Http404("Aucun établissement ne porte ce numéro dans votre périmètre.")
    return grid_of(user, data, week, sizes, now)


def rows_of(statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a statement of this page, which PostgreSQL plans once for a connection."""
    backend: Any = connection  # ours: config.postgresql
    with backend.prepared_cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


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
    at = time.fromisoformat(rule["time"])
    return WeekCalendar(week, rule["weekday"], at, rule["closes"], rule["carried"])


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def grid_of(
    user: User, data: dict[str, Any], week: date, sizes: tuple[str, ...], now: datetime
) -> Grid:
    header, told = data["header"] or {}, data["headers"]
    calendar = calendar_from(week, data["rule"])
    reopened_until = moment(header.get("reopened_until"))
    is_own = is_inside(user.perimeter_to(Action.EPI_WRITE), data["place"])
    refusal = refusal_of(data, calendar, now, is_own=is_own)
    last_week = date.fromisoformat(data["last_week"]) if data["last_week"] else None
    rows = Rows(data, sizes, is_read_only=bool(refusal))
    facts = facts_of(data, rows, moment(header.get("first_saved_at")), last_week)
    return Grid(
        **identity_of(data["place"]),
        **calendar_of_grid(calendar),
        is_own=is_own,
        is_open=calendar.is_open(now, reopened_until),
        may_write=not refusal,
        closed_sentence=refusal,
        reopened_until=reopened_until,
        declared_weeks={date.fromisoformat(one["week"]) for one in told if one["is_declared"]},
        reopened_weeks=reopened_weeks(told, now),
        reopening_reason=header.get("reason") or "",
        covered_by=facts.covered_by,
        first_saved_at=facts.first_saved_at,
        last_saved_at=max(
            (moment(line["saved_at"]) for line in data["lines"].values()), default=None
        ),
        last_week=last_week,
        last_sentence=last_sentence(data, last_week, is_own=is_own),
        rows=rows.built,
        open_sizes=list(dict.fromkeys(row.size_kind for row in rows.built if row.size_kind)),
        filled=facts.filled,
        countable=facts.countable,
        to_check=sum(bool(cell.doubt) and not cell.is_confirmed for cell in rows.cells),
        blank_to_copy=data["blank_to_copy"],
        state=state_of(facts, calendar, now),
    )


def reopened_weeks(headers: list[dict[str, Any]], now: datetime) -> set[date]:
    """Those that a reopening leaves open at this instant."""
    ends = {one["week"]: moment(one["reopened_until"]) for one in headers}
    return {date.fromisoformat(week) for week, end in ends.items() if end and end > now}


def facts_of(
    data: dict[str, Any], rows: Rows, first_saved_at: datetime | None, last_week: date | None
) -> SiteFacts:
    totals = [cell for cell in rows.cells if cell.item_id < SIZES_FROM]
    return SiteFacts(
        is_expected=data["is_expected"],
        filled=sum(line[one] is not None for line in data["lines"].values() for one in MEASURES),
        countable=rows.countable,
        missing=sum(cell.is_missing for cell in totals),
        first_saved_at=first_saved_at,
        last_week=last_week,
        covered_by=data["covered_by"] or "",
    )


def identity_of(place: dict[str, Any]) -> dict[str, Any]:
    return {
        "establishment_id": place["id"],
        "finess": place["finess"],
        "name": place["name"],
        "legal_entity_id": place["entity"],
        "legal_entity_name": place["entity_name"],
        "is_main": place["is_main"],
    }


def calendar_of_grid(calendar: WeekCalendar) -> dict[str, Any]:
    return {
        "week": calendar.week,
        "week_label": week_label(calendar.week),
        "deadline": calendar.deadline,
        "deadline_sentence": calendar.deadline_sentence,
        "closes_at": calendar.closes_at,
    }


def refusal_of(data: dict[str, Any], calendar: WeekCalendar, now: datetime, *, is_own: bool) -> str:
    """Say why this grid is only to be read, in the words of the save that would be refused."""
    place, week = data["place"], calendar.week
    if not is_own:
        return "Cette grille se consulte : l’établissement la remplit lui-même."
    if place["closed_on"] and place["closed_on"] < week.isoformat():
        return str(SavingError("closed_establishment", week))
    if not calendar.is_open(now, moment((data["header"] or {}).get("reopened_until"))):
        return str(SavingError("future" if week > current_week(now) else "closed", week))
    if data["covered_by"]:
        return (
            f"Ce site est couvert par {data['covered_by']} : son stock y est déclaré. Pour le "
            "déclarer ici, décochez-le d’abord sur ce tableau-là."
        )
    return ""


def last_sentence(data: dict[str, Any], last_week: date | None, *, is_own: bool) -> str:
    """« La semaine du 09/11/2020 (dernière renseignée) vous avez déclaré un stock de … » [002]."""
    if last_week is None:
        return ""
    held = data["last_effective"]
    parts = [
        f"{format_integer(held[str(item['id'])])}\u00a0{item['plural']}"
        for item in data["items"]
        if held.get(str(item["id"])) is not None
    ]
    when = f"La semaine du {last_week:%d/%m/%Y} (dernière renseignée)"
    if not parts:
        who = "vous n’avez" if is_own else "l’établissement n’a"
        return f"{when} {who} déclaré aucun stock."
    who = "vous avez" if is_own else "l’établissement a"
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
    return f"{when} {who} déclaré un stock de {listed}."
