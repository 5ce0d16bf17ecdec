"""The sites of the drop-down with their states, in one statement."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone
from psycopg.types.numeric import Int8

from accounts.models import User
from common.weeks import weeks_back
from epi_stocks.grid.reading import EARLIER_WEEKS, as_json, calendar_from, rows_of
from epi_stocks.grid.shapes import Entity, Grid, Site
from epi_stocks.grid.sql import SITES
from epi_stocks.grid.states import SiteFacts, state_of
from establishments.perimeter import Action


def load_sites(
    user: User, week: date, *, around: Grid | None = None, now: datetime | None = None
) -> list[Entity]:
    """List, in one statement, the sites the person may fill, and those around the one shown."""
    own = user.perimeter_to(Action.EPI_WRITE).legal_entity_ids
    entities = {*own, around.legal_entity_id} if around else own
    if not entities:
        return []
    reach = user.perimeter_to(Action.EPI_READ)
    parameters = {
        "week": week,
        "weeks": weeks_back(week, EARLIER_WEEKS + 1),
        "entities": as_keys(entities),
        "own": as_keys(own | reach.legal_entity_ids),
        "is_national": reach.is_national,
        "regions": sorted(reach.region_codes),
        "departments": sorted(reach.department_codes),
        "sites": as_keys(reach.establishment_ids),
    }
    rows = rows_of(SITES, parameters)
    found: dict[str, Entity] = {}
    for row in rows:
        entity = found.setdefault(
            row["entity_finess"], Entity(row["entity_finess"], row["entity_name"], [])
        )
        entity.sites.append(site_of(row, week, around, now or timezone.now()))
    return list(found.values())


def as_keys(numbers: Collection[int]) -> list[Int8]:
    """Of one type whatever their size, or each size would make another plan."""
    return [Int8(one) for one in sorted(numbers)]


def site_of(row: dict, week: date, around: Grid | None, now: datetime) -> Site:
    calendar = calendar_from(week, as_json(row["rule"]) if row["rule"] else None)
    facts = SiteFacts(
        is_expected=row["is_expected"],
        filled=row["filled"],
        countable=row["countable"],
        missing=row["missing"],
        first_saved_at=row["first_saved_at"],
        last_week=row["last_week"],
        covered_by=row["covered_by"] or "",
    )
    shown = around.establishment_id if around else None
    return Site(
        establishment_id=row["id"],
        finess=row["finess"],
        name=row["name"],
        is_main=row["is_main"],
        state=state_of(facts, calendar, now),
        is_current=row["id"] == shown,
        is_covered_here=shown is not None and row["covering_id"] == shown,
        has_own_cells=row["filled"] > 0,
        is_expected=row["is_expected"],
    )
