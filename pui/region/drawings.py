"""The map and the trend of a page, each with its values as a table."""

from collections.abc import Callable
from datetime import date

from django.utils.text import capfirst

from common.charts.country_map import country_map_by_region
from common.charts.figure import Cell, Column, DataTable, Figure, LegendItem
from common.charts.line_chart import line_chart
from common.charts.region_map import region_map
from common.charts.values import MapValue, Point
from common.cover import Level
from common.numbers import format_decimal
from medications.thresholds import thresholds_of
from pui.region.figures import Sums, in_tension, plural, total, worst
from pui.region.reading import Groups, Page, Place, departments_by_region

Address = Callable[[str], str | None]
FOUR = (Level.SHORTAGE, Level.CRITICAL, Level.TENSE, Level.SUFFICIENT)


def ranges_text() -> dict[Level, str]:
    """The thresholds of today in words."""
    days = thresholds_of()
    return {
        Level.SHORTAGE: f"moins de {days.shortage} jour{'s' if days.shortage > 1 else ''}",
        Level.CRITICAL: f"de {days.shortage} à moins de {days.critical}",
        Level.TENSE: f"de {days.critical} à moins de {days.tense}",
        Level.SUFFICIENT: f"{days.tense} jours et plus",
    }


def map_figure(page: Page, address: Address) -> Figure:
    """The regions of the country or the departments of a region, each a link."""
    scope = page.scope
    values = [_map_value(page, place, address) for place in page.places if place.code]
    what = "région" if scope.territory.is_country else "département"
    title = f"{subject(page)}, {scope.territory.name}"
    if scope.territory.is_country:
        drawing = country_map_by_region("carte", title, values, departments_by_region())
    else:
        drawing = region_map("carte", title, values)
    return Figure(
        ident="region-carte",
        indicator=indicator_of(page),
        caption=f"{subject(page)}, par {what}",
        drawing=drawing,
        legend=_legend(page, what),
        note=_map_note(page) if drawing else "Ce territoire n’a pas de carte.",
        table=_map_table(page, what),
        summary="Voir les valeurs de la carte",
    )


def subject(page: Page) -> str:
    scope = page.scope
    if scope.substance:
        return f"Jours de couverture, {scope.substance}"
    return f"{scope.watched_name} en tension"


def _map_note(page: Page) -> str:
    if page.scope.substance:
        return ""
    words = page.scope.words
    return (
        f"La classe est celle {words.of_the_group} qui manque le plus\u00a0; le nombre, celui des "
        f"{words.groups} sous {thresholds_of().tense} jours."
    )


def level_of(page: Page, groups: Groups) -> Level:
    return total(groups.values()).level if page.scope.substance else worst(groups.values())


def value_text(page: Page, groups: Groups) -> str:
    if page.scope.substance:
        return total(groups.values()).days_text
    return _in_words(page, in_tension(groups.values())) if groups else "inconnu"


def _in_words(page: Page, count: int) -> str:
    words = page.scope.words
    return plural(count, words.group, words.groups)


def _map_value(page: Page, place: Place, address: Address) -> MapValue:
    level = level_of(page, place.groups)
    text = value_text(page, place.groups)
    said = text if page.scope.substance else f"{text} en tension"
    return MapValue(
        code=place.code,
        value_text=text,
        level=level.value,
        title=f"{place.name}\u00a0: {said}, {level.label.lower()}. "
        f"{place.declared.declared} PUI sur {place.declared.expected} ont déclaré.",
        href=address(place.code),
        name=place.name if page.scope.territory.is_country else "",
    )


def _legend(page: Page, what: str) -> list[LegendItem]:
    levels = [level_of(page, place.groups) for place in page.places]
    ranges = ranges_text()
    return [
        LegendItem(
            f"legende-{level.value}",
            level.value,
            ranges.get(level, ""),
            plural(levels.count(level), what),
        )
        for level in Level
        if level in FOUR or level in levels
    ]


def _map_table(page: Page, what: str) -> DataTable:
    names = ["Couverture"] if page.scope.substance else [in_tension_name(page), shortest_name(page)]
    return DataTable(
        "region-carte-valeurs",
        "Valeurs de la carte",
        [
            Column(what.capitalize()),
            Column("Classe"),
            *(Column(name, is_number=True) for name in names),
            Column("Ont déclaré", is_number=True),
        ],
        [_map_row(page, place) for place in page.places],
    )


def in_tension_name(page: Page) -> str:
    return f"{capfirst(page.scope.words.groups)} en tension"


def shortest_name(page: Page) -> str:
    return f"{capfirst(page.scope.words.group)} {page.scope.words.shortest}"


def _map_row(page: Page, place: Place) -> list[Cell | str]:
    level = level_of(page, place.groups)
    numbers = [value_text(page, place.groups)]
    if not page.scope.substance:
        numbers = [str(place.in_tension), shortest_text(place.groups)]
    return [
        f"{place.name} ({place.code})" if place.code else place.name,
        Cell(str(level.label), level.value),
        *numbers,
        f"{place.declared.declared} / {place.declared.expected}",
    ]


def shortest_text(groups: Groups) -> str:
    known = [(sums.urgency, name, sums) for name, sums in groups.items() if sums.days is not None]
    if not known:
        return "inconnue"
    _, name, sums = min(known, key=lambda one: one[:2])
    return f"{name}, {sums.days_text}"


def indicator_of(page: Page) -> str:
    """The slug of what is drawn, in the registry."""
    return "couverture-medicament" if page.scope.substance else "dci-en-tension"


def trend_figure(page: Page) -> Figure:
    """Twelve due days; the one under way is dashed: its figure will change."""
    scope = page.scope
    points = [_point(page, day, groups) for day, groups in page.trend]
    first, last = points[0], points[-1]
    days = thresholds_of()
    return Figure(
        ident="region-courbe",
        indicator=indicator_of(page),
        caption=f"{subject(page)}, {scope.place_name}, sur {len(points)} échéances",
        drawing=line_chart(
            "courbe",
            f"{subject(page)}, {scope.place_name}, échéances du {first.label} au "
            f"{last.label}\u00a0: "
            f"de {first.text} à {last.text}",
            points,
            thresholds=[
                (days.tense, f"seuil d’alerte, {days.tense} jours"),
                (days.critical, f"critique, {days.critical} jours"),
            ]
            if scope.substance
            else (),
            is_count=not scope.substance,
        ),
        note="Trait plein\u00a0: échéances passées. "
        "Trait pointillé et point creux\u00a0: échéance attendue, "
        "à laquelle les dernières déclarations connues sont reportées.",
        table=_trend_table(page),
        summary="Voir les valeurs de la courbe",
    )


def _point(page: Page, day: date, groups: Groups) -> Point:
    value, text = _trend_value(page, groups)
    return Point(f"{day:%d/%m}", value, text, is_partial=day == page.scope.period.due_on)


def _trend_value(page: Page, groups: Groups) -> tuple[float | None, str]:
    if not groups:
        return None, "inconnu"
    if not page.scope.substance:
        count = in_tension(groups.values())
        return float(count), str(count)
    days = total(groups.values()).days
    if days is None:
        return None, "inconnu"
    return float(days), format_decimal(days, places=1)


def _trend_table(page: Page) -> DataTable:
    name = "Jours de couverture" if page.scope.substance else in_tension_name(page)
    return DataTable(
        "region-courbe-valeurs",
        "Valeurs de la courbe",
        [Column("Échéance du"), Column(name, is_number=True), Column("Classe")],
        [_trend_row(page, day, groups) for day, groups in reversed(page.trend)],
    )


def _trend_row(page: Page, day: date, groups: Groups) -> list[Cell | str]:
    level = level_of(page, groups)
    return [
        f"{day:%d/%m/%Y}",
        _trend_value(page, groups)[1],
        Cell(str(level.label), level.value),
    ]


def substances_table(
    page: Page, address: Callable[[str], str]
) -> list[tuple[str, str, Sums, Sums]]:
    """The DCIs looked at, the most urgent first, each with the due day before at the same hour."""
    ranked = sorted(page.now.items(), key=lambda pair: (pair[1].urgency, pair[0]))
    return [(name, address(name), sums, page.before.get(name, Sums())) for name, sums in ranked]
