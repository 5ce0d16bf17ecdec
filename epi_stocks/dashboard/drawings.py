"""The map, the curve and the bars of a page, each with its values as a table."""

from collections.abc import Callable, Mapping

from common.charts.bar_chart import bar_chart
from common.charts.country_map import country_map_by_region
from common.charts.figure import Cell, Column, DataTable, Figure, LegendItem
from common.charts.line_chart import line_chart
from common.charts.region_map import region_map
from common.charts.values import Bar, MapValue, Point
from common.cover import Level, Thresholds
from epi_stocks.dashboard.figures import TENSION, Figures, days_text, plural, total
from epi_stocks.dashboard.page import Dashboard, Place, departments_by_region
from epi_stocks.dashboard.scope import TREND, Scope
from epi_stocks.tables import decimal_text
from establishments.models import EstablishmentCategory

Address = Callable[[str], str]
Categories = Mapping[str, EstablishmentCategory]
FOUR = (*TENSION, Level.SUFFICIENT)
MOST_BARS = 12


def map_figure(dashboard: Dashboard, address: Address) -> Figure:
    """The regions of the country or the departments of a region, each a link."""
    scope = dashboard.scope
    values = [_map_value(scope, place, address) for place in dashboard.places if place.code]
    title = f"Jours de couverture, {scope.item.label}, {scope.place_name}"
    if scope.is_national:
        drawing = country_map_by_region("carte", title, values, departments_by_region())
    else:
        drawing = region_map("carte", title, values)
    what = "région" if scope.is_national else "département"
    return Figure(
        ident="visu-carte",
        indicator="couverture-epi",
        caption=f"Couverture {_where(dashboard, what)}, en jours",
        drawing=drawing,
        legend=_legend(dashboard, what),
        note=""
        if drawing
        else "Ces territoires n’ont pas de carte : leurs valeurs sont ci-dessous.",
        table=DataTable(
            "visu-carte-valeurs",
            "Valeurs de la carte",
            [
                Column(what.capitalize()),
                Column("Classe"),
                *(Column(name, is_number=True) for name in MAP_NUMBERS),
            ],
            [_map_row(place) for place in dashboard.places],
        ),
        summary="Voir les valeurs de la carte",
    )


def _where(dashboard: Dashboard, what: str) -> str:
    """« par département »; of one alone, there is nothing to set side by side."""
    return dashboard.scope.of_place if dashboard.is_one_place else f"par {what}"


MAP_NUMBERS = ("Couverture", "Stock", "Conso / jour", "Déclarants")


def _map_value(scope: Scope, place: Place, address: Address) -> MapValue:
    text = days_text(place.figures.days, place.level)
    return MapValue(
        code=place.code,
        value_text=text,
        level=place.level.value,
        title=f"{place.name} : {text}, {place.level.label.lower()}. "
        f"{place.reporting.declared} établissements sur {place.reporting.expected} ont déclaré.",
        href=address(place.code),
        name=place.name if scope.is_national else "",
    )


def _map_row(place: Place) -> list[Cell | str]:
    name = (
        place.name if place.code in place.name or not place.code else f"{place.name} ({place.code})"
    )
    return [
        name,
        Cell(str(place.level.label), place.level.value),
        days_text(place.figures.days, place.level),
        place.figures.stock_text,
        place.figures.daily_text,
        f"{place.reporting.declared} / {place.reporting.expected}",
    ]


def _legend(dashboard: Dashboard, what: str) -> list[LegendItem]:
    """The four levels always, the two others when the map holds some."""
    ranges = ranges_text(dashboard.scope.item_thresholds)
    counted = [(level, len(dashboard.in_level(level))) for level in Level]
    return [
        LegendItem(
            f"legende-{level.value}", level.value, ranges.get(level, ""), plural(count, what)
        )
        for level, count in counted
        if count or level in FOUR
    ]


def ranges_text(days: Thresholds) -> dict[Level, str]:
    """« moins de 1 jour », « de 1 à moins de 7 »: the thresholds in force, in words."""
    unit = "jour" if days.shortage < 2 else "jours"
    return {
        Level.SHORTAGE: f"moins de {days.shortage} {unit}",
        Level.CRITICAL: f"de {days.shortage} à moins de {days.critical}",
        Level.TENSE: f"de {days.critical} à moins de {days.tense}",
        Level.SUFFICIENT: f"{days.tense} jours et plus",
    }


def trend_figure(dashboard: Dashboard) -> Figure:
    """Twelve weeks; those still open are dashed: their figures will change."""
    scope, days = dashboard.scope, dashboard.scope.item_thresholds
    points = [
        Point(
            f"{week:%d/%m}",
            None if figures.days is None else float(figures.days),
            decimal_text(figures.days),
            is_partial=week == scope.week and scope.is_open,
        )
        for week, figures in dashboard.trend
    ]
    first, last = points[0], points[-1]
    title = (
        f"Jours de couverture {scope.of_place}, {scope.item.label}, semaines du {first.label} "
        f"au {last.label} : de {first.text} à {last.text}"
    )
    return Figure(
        ident="visu-courbe",
        indicator="couverture-epi",
        caption=f"Couverture {scope.of_place} sur {TREND} semaines, en jours",
        drawing=line_chart(
            "courbe",
            title,
            points,
            thresholds=[
                (days.tense, f"seuil d’alerte, {days.tense} jours"),
                (days.critical, f"critique, {days.critical} jours"),
            ],
        ),
        note=_trend_note(dashboard),
        table=DataTable(
            "visu-courbe-valeurs",
            "Valeurs de la courbe",
            [Column("Semaine du"), Column("Jours de couverture", is_number=True), Column("Classe")],
            [_trend_row(week, figures, days) for week, figures in dashboard.trend],
        ),
        summary="Voir les valeurs de la courbe",
    )


def _trend_note(dashboard: Dashboard) -> str:
    if not dashboard.scope.is_open:
        return "Trait plein : semaines closes."
    return (
        "Trait plein : semaines passées. Trait pointillé et point creux : semaine qui n’est pas "
        f"close, {dashboard.reporting.rate_text} des déclarations reçues."
    )


def _trend_row(week, figures: Figures, days: Thresholds) -> list[Cell | str]:
    level = figures.level(days)
    return [f"{week:%d/%m/%Y}", decimal_text(figures.days), Cell(str(level.label), level.value)]


CATEGORY_NUMBERS = ("Couverture", "Stock", "Conso / jour", "Établissements")


def category_figure(dashboard: Dashboard, categories: Categories, address: Address) -> Figure:
    """The categories that consume most, each a link that filters the page.

    The bars carry FINESS's short names, the table beside its whole ones.
    """
    return Figure(
        ident="visu-categories",
        indicator="couverture-epi",
        caption="Couverture par catégorie d’établissement, en jours",
        drawing=bar_chart(
            "categories",
            f"{dashboard.scope.item.label}, par catégorie",
            _category_bars(dashboard, categories, address),
        ),
        note=_category_note(len(dashboard.categories[MOST_BARS:])),
        table=DataTable(
            "visu-categories-valeurs",
            "Valeurs par catégorie",
            [
                Column("Catégorie"),
                Column("Classe"),
                *(Column(name, is_number=True) for name in CATEGORY_NUMBERS),
            ],
            _category_rows(dashboard, categories),
        ),
        summary="Voir les valeurs par catégorie",
    )


def _category_bars(dashboard: Dashboard, categories: Categories, address: Address) -> list[Bar]:
    days = dashboard.scope.item_thresholds
    return [
        Bar(
            _short_name(code, categories),
            None if figures.days is None else float(figures.days),
            days_text(figures.days, figures.level(days)),
            figures.level(days).value,
            href=address(code),
            whole_name=_whole_name(code, categories),
        )
        for code, figures in dashboard.categories[:MOST_BARS]
    ]


def _short_name(code: str, categories: Categories) -> str:
    found = categories.get(code)
    return found.short_label or found.label if found else code


def _whole_name(code: str, categories: Categories) -> str:
    found = categories.get(code)
    return found.label if found else code


def _category_note(others: int) -> str:
    order = "De la plus forte consommation à la plus faible"
    if not others:
        return f"{order}."
    if others == 1:
        return f"{order} ; la catégorie qui reste est dans les valeurs."
    return f"{order} ; les {others} autres catégories sont additionnées dans les valeurs."


def _category_rows(dashboard: Dashboard, categories: Categories) -> list[list[Cell | str]]:
    """The categories of the bars, then all the others added up."""
    days = dashboard.scope.item_thresholds
    rows = [
        _category_row(_whole_name(code, categories), figures, days)
        for code, figures in dashboard.categories[:MOST_BARS]
    ]
    others = dashboard.categories[MOST_BARS:]
    if others:
        rest = total(figures for _, figures in others)
        heading = (
            f"Les {len(others)} autres catégories" if len(others) > 1 else "Une autre catégorie"
        )
        rows.append(_category_row(heading, rest, days))
    return rows


def _category_row(label: str, figures: Figures, days: Thresholds) -> list[Cell | str]:
    level = figures.level(days)
    return [
        label,
        Cell(str(level.label), level.value),
        days_text(figures.days, level),
        figures.stock_text,
        figures.daily_text,
        str(figures.lines),
    ]
