"""Protective equipment: who declared, what runs out and where, as the real-time view says."""

from dataclasses import dataclass
from typing import Any

from common.cover import Level
from common.numbers import format_integer, percent
from epi_stocks.calendar import WEEKDAYS
from epi_stocks.dashboard.figures import NOTHING, Figures, ReportingFigures, days_text, total
from epi_stocks.dashboard.page import NO_REPORTING
from epi_stocks.dashboard.reading import figures_by, reporting_by
from epi_stocks.dashboard.scope import Scope
from epi_stocks.filters import default_item
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, SummarisedWeek
from establishments.models import Region
from establishments.perimeter import Action
from steering.situation.content import PLACES, Cell, Grid, Heading, Measure, Part, Row
from steering.situation.moment import Moment, time_text
from steering.situation.parts.words import (
    LATE,
    Ranked,
    class_cell,
    named,
    text_of,
    urgency,
    where,
    worst_first,
)
from steering.situation.territory import Reader, Territory

KEY, TITLE = "equipment", "Équipements de protection"
DAYS = "jours"


@dataclass(frozen=True)
class Equipment:
    """``by_place``: each item in each place, this week; ``before``: of the whole, a week ago."""

    scope: Scope
    names: dict[str, str]
    by_place: dict[tuple[str, int], Figures]
    before: dict[int, Figures]
    reporting: dict[str, ReportingFigures]

    def level_of(self, item: EpiItem, figures: Figures) -> Level:
        return figures.level(self.scope.thresholds_of(item))

    def urgency_of(self, item: EpiItem, figures: Figures) -> tuple[Any, ...]:
        return urgency(self.level_of(item, figures), figures.days, item.label)

    def whole(self, item: EpiItem) -> Figures:
        return total(one for (_, pk), one in self.by_place.items() if pk == item.pk)

    def of_place(self, code: str) -> list[tuple[EpiItem, Figures]]:
        return [(item, self.by_place.get((code, item.pk), NOTHING)) for item in self.scope.items]

    def ranked_places(self, item: EpiItem) -> list[Ranked]:
        figures = {code: self.by_place.get((code, item.pk), NOTHING) for code in self.names}
        return [
            (self.level_of(item, one), one.days, self.names[code]) for code, one in figures.items()
        ]

    @property
    def declared(self) -> ReportingFigures:
        return sum(self.reporting.values(), NO_REPORTING)


def equipment_part(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    """None while no item is followed."""
    scope = scope_of(reader, territory, moment)
    if scope is None:
        return None
    found = read_equipment(scope, territory)
    return Part(
        KEY,
        TITLE,
        Action.DASH_EPI.value,
        time_text(scope.refreshed_at),
        tuple(_measures(found, moment)),
        (_items(found), _places(found, territory)),
    )


def scope_of(reader: Reader, territory: Territory, moment: Moment) -> Scope | None:
    items = list(EpiItem.objects.top().on(moment.week))
    first = default_item(items)
    if first is None:
        return None
    refreshed = SummarisedWeek.objects.filter(week=moment.week)
    return Scope(
        user=reader,
        territory=territory.of_equipment,
        week=moment.week,
        item=first,
        items=items,
        thresholds=thresholds_on(moment.week),
        refreshed_at=refreshed.values_list("refreshed_at", flat=True).first(),
    )


def read_equipment(scope: Scope, territory: Territory) -> Equipment:
    key = "region_code" if territory.is_country else "department_code"
    weeks = [scope.previous_week, scope.week]
    found = figures_by(scope, weeks, "week", key, "item_id", items=scope.items)
    before = {(code, item): one for (on, code, item), one in found.items() if on == weeks[0]}
    return Equipment(
        scope=scope,
        names=_names(territory, {code for _, code, _ in found}),
        by_place={(code, item): one for (on, code, item), one in found.items() if on == weeks[1]},
        before={
            item.pk: total(one for (_, pk), one in before.items() if pk == item.pk)
            for item in scope.items
        },
        reporting={code: one for (code,), one in reporting_by(scope, key).items()},
    )


def _names(territory: Territory, seen: set[str]) -> dict[str, str]:
    """Every place, those that said nothing too; for the country, what no agency watches over."""
    if not territory.is_country:
        return {one.code: one.name for one in territory.departments}
    names = dict(Region.objects.order_by("name").values_list("code", "name"))
    return names | {code: "Territoires sans ARS" for code in seen - set(names)}


def _measures(found: Equipment, moment: Moment) -> list[Measure]:
    told = found.declared
    tense = worst_first(
        (found.level_of(item, figures), figures.days, item.label)
        for item in found.scope.items
        for figures in [found.whole(item)]
    )
    day = WEEKDAYS[moment.at.weekday()]
    return [
        Measure(
            "equipment.declared",
            "Inventaires EPI reçus",
            told.rate_text,
            text_of(percent(told.declared, told.expected)),
            "%",
            f"{format_integer(told.declared)} sur {format_integer(told.expected)}",
            f"{_when(found.scope, day)}\u00a0: {told.rate_before_text}",
            is_headline=True,
        ),
        Measure(
            "equipment.tense",
            "Équipements en tension",
            str(len(tense)),
            str(len(tense)),
            "équipements",
            f"sur {len(found.scope.items)}",
            named([f"{label} ({level.label.lower()})" for level, _, label in tense]),
            is_headline=True,
        ),
        Measure(
            "equipment.missing",
            "Inventaires EPI non reçus",
            format_integer(told.missing),
            str(told.missing),
            "établissements",
            group=LATE,
        ),
    ]


def _when(scope: Scope, day: str) -> str:
    """What the rate is compared with: the same hour, a week before."""
    if scope.is_current:
        return f"{day.capitalize()} dernier à la même heure"
    return f"Semaine du {scope.previous_week:%d/%m}, à la même heure"


def _items(found: Equipment) -> Grid:
    """The most urgent first; where: the places without stock or under a week of it."""
    rows = [(item, found.whole(item)) for item in found.scope.items]
    rows.sort(key=lambda row: found.urgency_of(*row))
    return Grid(
        "items",
        "Équipements, du plus tendu au moins tendu",
        "Équipement",
        (
            Heading("Classe"),
            Heading("Couverture", DAYS, is_number=True),
            Heading("Semaine d’avant", DAYS, is_number=True, is_for_files=True),
            Heading("En rupture", "établissements", is_number=True),
            Heading("Où", is_for_files=True),
        ),
        tuple(_item_row(found, *row) for row in rows),
    )


def _item_row(found: Equipment, item: EpiItem, figures: Figures) -> Row:
    level, before = found.level_of(item, figures), found.before[item.pk]
    places = where(found.ranked_places(item))
    was = days_text(before.days, found.level_of(item, before))
    return Row(
        item.code,
        item.label,
        (
            class_cell(level, places),
            Cell(
                days_text(figures.days, level),
                text_of(figures.days),
                detail=f"semaine d’avant\u00a0: {was}",
            ),
            Cell(was, text_of(before.days)),
            Cell(format_integer(figures.shortage), str(figures.shortage)),
            Cell(places),
        ),
    )


def _places(found: Equipment, territory: Territory) -> Grid:
    """What runs out first in each place, and who declared there."""
    return Grid(
        PLACES,
        TITLE,
        territory.places_word,
        (
            Heading("Équipement le plus tendu"),
            Heading("Inventaires reçus", "%", is_number=True),
        ),
        tuple(
            Row(
                code,
                name,
                (_worst_cell(found, code), _rate_cell(found.reporting.get(code, NO_REPORTING))),
            )
            for code, name in found.names.items()
        ),
    )


def _worst_cell(found: Equipment, code: str) -> Cell:
    item, figures = min(found.of_place(code), key=lambda pair: found.urgency_of(*pair))
    level = found.level_of(item, figures)
    name = "" if level is Level.UNKNOWN else item.label
    return Cell(days_text(figures.days, level), text_of(figures.days), level.value, name)


def _rate_cell(told: ReportingFigures) -> Cell:
    return Cell(
        told.rate_text,
        text_of(percent(told.declared, told.expected)),
        detail=f"{format_integer(told.declared)} / {format_integer(told.expected)}",
    )
