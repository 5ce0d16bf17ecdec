"""The twelve weeks of an equipment, drawn, with their values as a table."""

from common.charts.figure import Cell, Column, DataTable, Figure
from common.charts.line_chart import line_chart
from common.charts.values import Point
from epi_stocks.tables import decimal_text
from orders.tension.watching import TREND, Watch, Watched


def trend_figure(watch: Watch) -> Figure:
    watched = watch.items[0]
    days = watched.thresholds
    points = [
        Point(
            f"{week:%d/%m}",
            None if figures.days is None else float(figures.days),
            decimal_text(figures.days),
            is_partial=week == watch.week,
        )
        for week, figures in watched.trend
    ]
    title = (
        f"Jours de couverture, {watched.item}, semaines du {points[0].label} au "
        f"{points[-1].label}\u00a0: de {points[0].text} à {points[-1].text}"
    )
    return Figure(
        ident="tension-courbe",
        caption=f"Couverture sur {TREND} semaines, en jours",
        drawing=line_chart(
            "courbe",
            title,
            points,
            thresholds=[
                (days.tense, f"seuil d’alerte, {days.tense} jours"),
                (days.critical, f"critique, {days.critical} jours"),
            ],
        ),
        note=f"Trait pointillé et point creux\u00a0: semaine en cours{_received(watch)}.",
        table=_table(watched),
        summary="Voir les valeurs de la courbe",
    )


def _received(watch: Watch) -> str:
    reporting = watch.reporting
    return f", {reporting.rate_text} des déclarations reçues" if reporting.expected else ""


def _table(watched: Watched) -> DataTable:
    return DataTable(
        "tension-courbe-valeurs",
        "Valeurs de la courbe",
        [Column("Semaine du"), Column("Jours de couverture", is_number=True), Column("Classe")],
        [
            [
                f"{week:%d/%m/%Y}",
                decimal_text(figures.days),
                Cell(str(figures.level(watched.thresholds).label),
                     figures.level(watched.thresholds).value),
            ]
            for week, figures in watched.trend
        ],
    )  # fmt: skip
