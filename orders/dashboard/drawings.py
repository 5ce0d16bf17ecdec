"""The map, the curve and the bars of a dashboard, each with its values as a table."""

from collections import Counter
from collections.abc import Callable, Sequence

from common.charts.bar_chart import bar_chart
from common.charts.country_map import country_map
from common.charts.figure import Column, DataTable, Figure, LegendItem
from common.charts.line_chart import line_chart
from common.charts.region_map import region_map
from common.charts.values import Bar, Level, MapValue, Point
from common.numbers import format_integer
from common.weeks import current_week
from establishments.models import Department
from orders.dashboard.board import Board, QuotaRow
from orders.dashboard.figures import NEARLY_ALL, NOTHING, QuotaFigures

Address = Callable[[str], str]
MOST_BARS = 12
# from the least ordered to the most; the classes borrow the colours and patterns of tension
CLASSES: tuple[tuple[int, Level, str], ...] = (
    (NEARLY_ALL, "rupture", "90\u00a0% et plus"),
    (60, "critique", "de 60 à moins de 90\u00a0%"),
    (30, "tendue", "de 30 à moins de 60\u00a0%"),
    (0, "suffisante", "moins de 30\u00a0%"),
)
NONE: tuple[Level, str] = ("inconnue", "sans contingent")
WORDS: dict[Level, str] = {
    "rupture": "Presque tout",
    "critique": "Beaucoup",
    "tendue": "En partie",
    "suffisante": "Peu",
    "inconnue": "Aucun",
}


def class_of(figures: QuotaFigures) -> Level:
    share = figures.share
    if share is None:
        return NONE[0]
    return next(level for least, level, _ in CLASSES if share >= least)


def map_figure(board: Board, address: Address) -> Figure:
    """The departments, each by the part of its quotas that was ordered."""
    scope = board.scope
    title = f"Part des contingents commandée, {scope.place_name}, par département"
    figures = {row.code: row.now for row in board.departments}
    rows = Department.objects.exclude(region=None)
    if scope.region:
        rows = rows.filter(region=scope.region)
    departments = list(rows)
    values = [_map_value(one, figures.get(one.pk, NOTHING), address) for one in departments]
    counts = Counter(value.level for value in values)
    draw = country_map if scope.is_national else region_map
    return Figure(
        ident="commandes-carte",
        indicator="contingent-utilise",
        caption="Part des contingents commandée, par département",
        drawing=draw("carte", title, values),
        legend=_legend(counts),
        table=DataTable(
            "commandes-carte-valeurs",
            "Valeurs de la carte",
            [
                Column("Département"),
                *(Column(name, is_number=True) for name in ("Autorisé", "Commandé", "Utilisé")),
            ],
            [_map_row(one, figures.get(one.pk, NOTHING)) for one in departments],
        ),
        summary="Voir les valeurs de la carte",
    )


def _map_value(department: Department, figures: QuotaFigures, address: Address) -> MapValue:
    level = class_of(figures)
    return MapValue(
        code=department.pk,
        value_text=figures.share_text,
        level=level,
        title=f"{department.name}\u00a0: {figures.share_text} des contingents commandés "
        f"({format_integer(figures.used)} sur {format_integer(figures.granted)}).",
        href=address(department.region_id or ""),
        own_word=WORDS[level],
    )


def _map_row(department: Department, figures: QuotaFigures) -> list[str]:
    return [
        f"{department.name} ({department.pk})",
        format_integer(figures.granted),
        format_integer(figures.used),
        figures.share_text,
    ]


def _legend(counts: Counter[Level]) -> list[LegendItem]:
    said = [(level, text) for _, level, text in CLASSES]
    return [
        LegendItem(
            f"legende-{level}",
            level,
            text,
            count_text=f"{counts[level]}\u00a0dép.",
            own_word=WORDS[level],
        )
        for level, text in [*said, NONE]
        if level != NONE[0] or counts[level]
    ]


def trend_figure(board: Board) -> Figure:
    """Twelve weeks of what was ordered; the current one is dashed."""
    rows = board.weeks
    is_open = board.scope.week == current_week()
    points = [
        Point(
            row.name[:5],
            None if row.now.share is None else float(row.now.share),
            row.now.share_text,
            is_partial=is_open and row is rows[-1],
        )
        for row in rows
    ]
    title = (
        f"Part des contingents commandée {board.scope.of_place}, semaines du {points[0].label} au "
        f"{points[-1].label}\u00a0: de {points[0].text} à {points[-1].text}"
    )
    return Figure(
        ident="commandes-courbe",
        indicator="contingent-utilise",
        caption="Part des contingents commandée sur douze semaines, en %",
        drawing=line_chart("courbe", title, points, is_count=True),
        note="Trait pointillé\u00a0: la semaine n’est pas finie." if is_open else "",
        table=DataTable(
            "commandes-courbe-valeurs",
            "Valeurs de la courbe",
            [
                Column("Semaine du"),
                *(Column(name, is_number=True) for name in ("Autorisé", "Commandé", "Utilisé")),
            ],
            [_row(row) for row in rows],
        ),
        summary="Voir les valeurs de la courbe",
    )


def bars_figure(ident: str, caption: str, rows: Sequence[QuotaRow], label: Address) -> Figure:
    """The part ordered of each item, or of the categories that have most."""
    shown = rows[:MOST_BARS]
    bars = [
        Bar(
            label(row.code),
            None if row.now.share is None else float(row.now.share),
            row.now.share_text,
            class_of(row.now),
            whole_name=row.name,
            own_word=WORDS[class_of(row.now)],
        )
        for row in shown
    ]
    return Figure(
        ident=f"commandes-{ident}",
        indicator="contingent-utilise",
        caption=caption,
        drawing=bar_chart(f"barres-{ident}", caption, bars, full=100.0),
    )


def _row(row: QuotaRow) -> list[str]:
    return [
        row.name,
        format_integer(row.now.granted),
        format_integer(row.now.used),
        row.now.share_text,
    ]
