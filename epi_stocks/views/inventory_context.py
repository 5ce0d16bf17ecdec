"""What the templates of the inventory page are given: choices, counts and labels."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from common.weeks import PARIS, current_week, week_label
from epi_stocks.calendar import hour_text, selectable_weeks
from epi_stocks.forms import seen_values
from epi_stocks.grid import Cell, Entity, Grid, Site
from epi_stocks.outcomes import count_text
from epi_stocks.services.coverage import Coverage
from epi_stocks.views.inventory_ticket import Ticket
from establishments.perimeter import Action

MOST_SITES_OFFERED = 24  # in the drop-down: with more, the page leads to the whole list
MOST_SITES_LISTED = 12  # beside the grid, with their state, or to tick as covered
MOST_SITES_NAMED = 5
UNFINISHED = ("late", "started", "empty")  # in the order in which they are to be filled
SIZE_LABELS = {
    "medical": ("medicaux", "Gants médicaux par taille (XS à XL)"),
    "surgical": ("chirurgicaux", "Gants chirurgicaux par taille (5,5 à 9)"),
}
SIZE_KINDS = {slug: kind for kind, (slug, _) in SIZE_LABELS.items()}


@dataclass(frozen=True, slots=True)
class WeekChoice:
    monday: date
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """A button above the grid; ``value`` lists the sizes open once it is pressed."""

    label: str
    value: str
    is_open: bool


def asked_sizes(request: HttpRequest) -> tuple[str, ...]:
    """Read « ?gants=medicaux chirurgicaux »."""
    slugs = " ".join(request.GET.getlist("gants")).split()
    return tuple(kind for slug, kind in SIZE_KINDS.items() if slug in slugs)


def size_choices(grid: Grid) -> list[SizeChoice]:
    """One button per kind of gloves: it opens its sizes, or closes them while they are empty."""
    counted = {row.size_kind for row in grid.rows} | set(grid.open_sizes)
    choices = []
    for kind, (_slug, label) in SIZE_LABELS.items():
        is_open = kind in counted
        after = [SIZE_LABELS[one][0] for one in SIZE_LABELS if (one in counted) != (one == kind)]
        choices.append(SizeChoice(label, " ".join(after), is_open))
    return choices


def week_choices(grid: Grid, now: datetime) -> list[WeekChoice]:
    """The weeks of the selector, the current one first, and the one shown when it is older."""
    open_days = (grid.closes_at.astimezone(PARIS).date() - grid.week).days
    weeks = selectable_weeks(now)
    if grid.week not in weeks:
        weeks.append(grid.week)
    return [
        WeekChoice(week, week_label(week), _state(grid, week, open_days, now)) for week in weeks
    ]


def _state(grid: Grid, week: date, open_days: int, now: datetime) -> str:
    """« en cours », « rouverte », « déclarée », « close »: two of them when both say something."""
    if week > current_week(now):
        return "à venir"
    is_open = now.astimezone(PARIS).date() < week + timedelta(days=open_days)
    is_under_way = week == grid.week and grid.state.key == "started"
    is_declared = week in grid.declared_weeks and not is_under_way
    if week == current_week(now):
        first, last = "en cours", ""
    elif is_open:
        first, last = "", "" if is_declared else "encore ouverte"
    else:
        is_reopened = week in grid.reopened_weeks
        first, last = ("rouverte", "") if is_reopened else ("", "close")
    return ", ".join(filter(None, [first, "déclarée" if is_declared else "", last]))


def first_unfinished(entities: list[Entity], *, but: Collection[str] = ()) -> Site | None:
    """The site to fill next: late ones first, then those begun; none of those named ``but``."""
    sites = [site for entity in entities for site in entity.sites if site.finess not in but]
    to_do = [site for site in sites if site.state.key in UNFINISHED]
    return min(to_do, key=urgency, default=None)


def most_useful(sites: list[Site], most: int) -> list[Site]:
    """The site shown, then those to fill, in the order of the list: as many as a page can carry."""
    ranked = sorted(sites, key=lambda site: (not site.is_current, urgency(site)))
    kept = {site.finess for site in ranked[:most]}
    return [site for site in sites if site.finess in kept]


def urgency(site: Site) -> int:
    """The rank of a site among those to fill; the others come after."""
    key = site.state.key
    return UNFINISHED.index(key) if key in UNFINISHED else len(UNFINISHED)


def offered_sites(entities: list[Entity]) -> list[Entity]:
    """What the drop-down holds, by entity: everything, unless there is too much of it."""
    sites = [site for entity in entities for site in entity.sites]
    kept = {site.finess for site in most_useful(sites, MOST_SITES_OFFERED)}
    found = [
        replace(entity, sites=[site for site in entity.sites if site.finess in kept])
        for entity in entities
    ]
    return [entity for entity in found if entity.sites]


def last_saved_text(at: datetime | None, now: datetime) -> str:
    """« à 9 h 41 », or « le 16/11 à 9 h 41 » when it was not today."""
    if at is None:
        return ""
    local = at.astimezone(PARIS)
    day = "" if local.date() == now.astimezone(PARIS).date() else f"le {local:%d/%m} "
    return f"{day}à {hour_text(at)}"


def trail(grid: Grid | None = None) -> list[tuple[str, str]]:
    """The breadcrumb above a page of the inventory."""
    above = [("EPI-Stocks", reverse("epi_stocks:inventory_start"))]
    if grid:
        address = reverse("epi_stocks:inventory", args=[grid.finess, grid.week])
        above.append((f"Inventaire de {grid.name}", address))
    return above


def coverage_told(grid: Grid, entity: Entity | None, *, is_begun: bool = False) -> str:
    """On the page of the main site: how far its entity is declared, and which sites are not.

    ``is_begun``: as it will be said once this site holds a value.
    """
    if entity is None or not (grid.is_main and grid.is_own):
        return ""
    expected = [site for site in entity.sites if site.is_expected]
    if len(expected) < 2:
        return ""
    left_out = [
        site.name for site in expected if not (site.is_declared or (is_begun and site.is_current))
    ]
    counted = Coverage(len(expected) - len(left_out), len(expected)).sentence
    told = f"{counted} par une déclaration, la leur ou celle d’un autre site."
    if not left_out:
        return told
    names = ", ".join(left_out[:MOST_SITES_NAMED])
    more = len(left_out) - MOST_SITES_NAMED
    others = f" et {count_text(more, 'autre', 'autres')}" if more > 0 else ""
    return f"{told} Sans déclaration\u00a0: {names}{others}."


def others_up_to_date(entity: Entity | None) -> int:
    sites = [site for site in entity.sites if not site.is_current] if entity else []
    return sum(site.is_up_to_date for site in sites)


def entity_of(entities: list[Entity]) -> Entity | None:
    """The entity of the site shown."""
    return next((one for one in entities if any(site.is_current for site in one.sites)), None)


def page_context(request: HttpRequest, grid: Grid, entities: list[Entity]) -> dict:
    now = timezone.now()
    entity = entity_of(entities)
    cells = fillable_cells(grid)
    coverable = coverable_sites(grid, entity)
    return {
        "grid": grid,
        "above": trail(),
        "offered": offered_sites(entities),
        "place_count": sum(len(one.sites) for one in entities),
        "most_offered": MOST_SITES_OFFERED,
        "entity": entity,
        "listed_sites": most_useful(entity.sites, MOST_SITES_LISTED) if entity else [],
        "unlisted": max(0, len(entity.sites) - MOST_SITES_LISTED) if entity else 0,
        "coverable": coverable,
        "is_coverage_apart": len(coverable) > MOST_SITES_LISTED,
        "coverage": coverage_told(grid, entity),
        "coverage_once_begun": coverage_told(grid, entity, is_begun=True),
        "others_up_to_date": others_up_to_date(entity),
        "covered_count": sum(site.is_covered_here for site in coverable),
        "next_site": first_unfinished(entities, but=[grid.finess]),
        "weeks": week_choices(grid, now),
        "sizes": size_choices(grid),
        "seen": seen_values(cells),
        "ticket": Ticket(grid.finess, grid.establishment_id, grid.week).sealed(),
        "missing_count": sum(cell.is_missing for cell in cells),
        "last_hour": hour_text(grid.last_saved_at) if grid.last_saved_at else "",
        "last_text": last_saved_text(grid.last_saved_at, now),
        "alert_days": max((row.thresholds.tense for row in grid.rows), default=21),
        "is_reopened": bool(grid.reopened_until and grid.is_open and now >= grid.closes_at),
        "may_reopen": request.user.may(Action.EPI_REOPEN) and now >= grid.closes_at,
    }


def fillable_cells(grid: Grid) -> list[Cell]:
    return [cell for row in grid.rows for cell in row.cells if not cell.is_read_only]


def coverable_sites(grid: Grid, entity: Entity | None) -> list[Site]:
    """The other sites that the main one may declare for: neither declared nor covered elsewhere."""
    if entity is None or not grid.may_write:
        return []
    others = [site for site in entity.sites if not site.is_current]
    if not grid.is_main:
        return [site for site in others if site.is_covered_here]
    return [
        site
        for site in others
        if site.is_covered_here or not (site.has_own_cells or site.state.key == "covered")
    ]
