"""The curve of an alert: the measure, day by day, since it opened."""

from common.charts.figure import Cell, Column, DataTable, Figure
from common.charts.line_chart import line_chart
from common.charts.values import Point
from common.cover import Level, Thresholds
from common.weeks import current_week
from epi_stocks.indicators import thresholds_on
from medications.thresholds import thresholds_of
from steering.alerts.measures import measure_of
from steering.alerts.words import measured_text
from steering.models import Alert, AlertDomain, AlertRule, AlertSample

MOST_POINTS = 30


def curve_of(alert: Alert) -> Figure | None:
    """Nothing while one day alone is known: the figures say it already."""
    samples = list(AlertSample.objects.filter(alert=alert).order_by("-day")[:MOST_POINTS])[::-1]
    if len(samples) < 2:
        return None
    texts = [measured_text(alert, one.value, one.level) for one in samples]
    points = [
        Point(f"{one.day:%d/%m}", None if one.value is None else float(one.value), text)
        for one, text in zip(samples, texts, strict=True)
    ]
    name = "Lieux touchés" if alert.is_spread else measure_of(alert.rule.measure).label
    title = f"{name}, {alert.title}, du {points[0].label} au {points[-1].label}"
    return Figure(
        ident="alerte-courbe",
        caption=f"{name} depuis l’ouverture, {unit_of(alert)}",
        drawing=line_chart(
            "courbe", title, points, thresholds=limits_of(alert), is_count=alert.is_spread
        ),
        table=table_of(samples, texts, has_levels=any(one.level for one in samples)),
        summary="Voir les valeurs de la courbe",
        note="La dernière mesure de chaque jour.",
    )


def unit_of(alert: Alert) -> str:
    if alert.is_spread:
        return "en nombre de lieux"
    return f"en {measure_of(alert.rule.measure).unit}"


def limits_of(alert: Alert) -> list[tuple[float, str]]:
    """The limit of the rule as a line, in the unit of the curve."""
    rule: AlertRule = alert.rule
    if alert.is_spread:
        return [(float(rule.places), f"règle\u00a0: {rule.places} lieux")]
    if rule.threshold is not None:
        limit = measure_of(rule.measure).text(rule.threshold)
        return [(float(rule.threshold), f"règle\u00a0: {limit}")]
    limits = thresholds_in_force(rule)
    days = {
        Level.SHORTAGE: limits.shortage,
        Level.CRITICAL: limits.critical,
        Level.TENSE: limits.tense,
    }[Level(rule.at_least)]
    return [(float(days), f"{Level(rule.at_least).label.lower()}\u00a0: moins de {days}\u00a0j")]


def thresholds_in_force(rule: AlertRule) -> Thresholds:
    """Today's, of medicines or of an equipment."""
    if measure_of(rule.measure).domain == AlertDomain.MEDICINES:
        return thresholds_of()
    days = thresholds_on(current_week())
    return days.get(int(rule.subject) if rule.subject.isdigit() else None, days[None])


def table_of(samples: list[AlertSample], texts: list[str], *, has_levels: bool) -> DataTable:
    columns = [Column("Jour"), Column("Mesure", is_number=True)]
    rows: list[list[Cell | str]] = [
        [f"{one.day:%d/%m/%Y}", text] for one, text in zip(samples, texts, strict=True)
    ]
    if has_levels:
        columns.append(Column("Classe"))
        for row, one in zip(rows, samples, strict=True):
            row.append(Cell(Level(one.level).label, one.level) if one.level else "–")
    return DataTable("alerte-courbe-valeurs", "Mesure de chaque jour", columns, rows[::-1])
