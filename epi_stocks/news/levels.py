"""The class of each territory, item by item: what it was at the last visit, what it is now."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from common.cover import Level
from common.home import Change
from common.kept import KeptByKey
from common.weeks import current_week
from epi_stocks.dashboard.figures import SUMS, Figures
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary, SummarisedWeek
from epi_stocks.models.summary import COUNTRY, NO_TERRITORY
from establishments.models import Department, Region
from establishments.perimeter import Action, Perimeter

PREFIX = "epi"
FOUR = {Level.SHORTAGE, Level.CRITICAL, Level.TENSE, Level.SUFFICIENT}
RANKS = {one: rank for rank, one in enumerate(Level)}
LEVELS = KeptByKey[list[tuple[str, str]]]()
NAMES = KeptByKey[dict[str, str]]()
ITEMS = KeptByKey[dict[int, EpiItem]]()


def levels_read(user: User) -> Iterator[tuple[str, str]]:
    """« epi:41:3 », « rupture »: by department and item, by region for the country.

    Kept with the account too, which each request reads anew: the changes compare the same.
    """
    held, week = user.perimeter_to(Action.DASH_EPI), current_week()
    if not held:
        return
    if "epi_levels" not in vars(user):
        vars(user)["epi_levels"] = LEVELS.value((held, week), lambda: list(_levels(held, week)))
    yield from vars(user)["epi_levels"]


def _levels(held: Perimeter, week: date) -> Iterator[tuple[str, str]]:
    key, rows = "department_code", DepartmentSummary.objects.within(held)
    if held.is_national:
        key = "region_code"
        rows = RegionSummary.objects.within(held).exclude(region_code=COUNTRY)
    found = rows.filter(week=week).values(key, "item_id").annotate(**SUMS).order_by()
    days = thresholds_on(week)
    for row in found:
        level = Figures.from_row(row).level(days.get(row["item_id"], days[None]))
        if level in FOUR and row[key] != NO_TERRITORY:
            yield f"{PREFIX}:{row[key]}:{row['item_id']}", level.value


def level_changes(user: User, marks: Mapping[str, str]) -> list[Change]:
    """« Loir-et-Cher passe de critique à rupture (masques FFP2). »"""
    now = dict(levels_read(user))
    moved = {name: word for name, word in now.items() if marks.get(name, word) != word}
    if not moved:
        return []
    places, items = _names(user), ITEMS.value((), EpiItem.objects.in_bulk)
    at = SummarisedWeek.objects.values_list("refreshed_at", flat=True).get(pk=current_week())
    return [
        _change(at, places.get(code, code), items[int(item)], Level(marks[name]), Level(word), code)
        for name, word in sorted(moved.items(), key=lambda one: RANKS[Level(one[1])])
        for _, code, item in [name.split(":")]
    ]


def _names(user: User) -> dict[str, str]:
    model = Region if user.perimeter_to(Action.DASH_EPI).is_national else Department
    return NAMES.value(model, lambda: dict(model.objects.values_list("pk", "name")))


def _change(
    at: datetime, place: str, item: EpiItem, before: Level, now: Level, code: str
) -> Change:
    text = format_html(
        "{} passe de {} à <strong>{}</strong> ({}).",
        place,
        before.label.lower(),
        now.label.lower(),
        f"{item.plural[0].lower()}{item.plural[1:]}",
    )
    return Change(at, text, f"{reverse('epi_stocks:visu')}?equipement={item.code}", "Voir")
