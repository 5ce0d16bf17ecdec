"""The national alert panel: which items crossed a level since last week, where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.cover import Level, Thresholds
from common.weeks import shift
from epi_stocks.dashboard.figures import Figures
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, RegionSummary
from epi_stocks.models.summary import COUNTRY, NO_TERRITORY
from establishments.models import Region
from establishments.perimeter import Action

RANKS = {level: rank for rank, level in enumerate(Level)}
FOUR = frozenset({Level.SHORTAGE, Level.CRITICAL, Level.TENSE, Level.SUFFICIENT})


@dataclass(frozen=True, slots=True)
class Crossing:
    """An item that went from one level to another somewhere between two Mondays."""

    item: EpiItem
    region_code: str
    place: str
    before: Figures
    now: Figures
    level_before: Level
    level: Level

    @property
    def is_worse(self) -> bool:
        return RANKS[self.level] < RANKS[self.level_before]

    @property
    def is_country(self) -> bool:
        return self.region_code == COUNTRY

    @property
    def urgency(self) -> tuple:
        return not self.is_worse, RANKS[self.level], not self.is_country, self.item.rank, self.place


def crossings(user, week: date) -> list[Crossing]:
    """What crossed a level since the week before: what got worse first, the most urgent first.

    Each week is judged by the thresholds of its own Monday. A place of which nothing was known
    either week crosses nothing: silence is not a change of level.
    """
    items = {item.pk: item for item in EpiItem.objects.top().on(week)}
    mondays = (shift(week, -1), week)
    days = {monday: thresholds_on(monday) for monday in mondays}
    rows = RegionSummary.objects.for_user(user, to=Action.DASH_EPI).filter(
        week__in=mondays, item__in=list(items)
    )
    found: dict[tuple[int, str], dict[date, Figures]] = {}
    for row in rows:
        figures = Figures.from_row(vars(row))
        found.setdefault((row.item_id, row.region_code), {})[row.week] = figures
    names = dict(Region.objects.values_list("code", "name"))
    names |= {COUNTRY: "France entière", NO_TERRITORY: "Territoires sans ARS"}
    pairs = (
        _crossing(items[item], code, names.get(code, code), figures, mondays, days)
        for (item, code), figures in found.items()
    )
    return sorted(filter(None, pairs), key=lambda crossing: crossing.urgency)


def _crossing(
    item: EpiItem,
    code: str,
    place: str,
    figures: dict[date, Figures],
    mondays: Iterable[date],
    days: dict[date, dict[int | None, Thresholds]],
) -> Crossing | None:
    before, now = (figures.get(monday) for monday in mondays)
    if before is None or now is None:
        return None
    levels = [
        one.level(days[monday].get(item.pk, days[monday][None]))
        for one, monday in zip((before, now), mondays, strict=True)
    ]
    if levels[0] == levels[1] or not FOUR.issuperset(levels):
        return None
    return Crossing(item, code, place, before, now, *levels)
