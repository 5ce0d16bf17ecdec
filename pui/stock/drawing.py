"""The curve of one product, with its declarations as the table beside."""

from django.utils.safestring import SafeString

from common.charts.line_chart import line_chart
from common.charts.values import Point
from common.numbers import format_decimal
from medications.thresholds import thresholds_of
from pui.stock.history import ProductHistory


def cover_chart(history: ProductHistory) -> SafeString:
    """Days of cover, the oldest first; a due day without both numbers breaks the line."""
    points = [
        Point(
            f"{one.due_on:%d/%m}",
            None if one.days is None else float(one.days),
            "" if one.days is None else format_decimal(one.days, places=1),
        )
        for one in reversed(history.declarations)
    ]
    days = thresholds_of()
    return line_chart(
        "couverture",
        f"Jours de couverture de {history.product.label}, {history.pui.label}, "
        f"échéances du {points[0].label} au {points[-1].label}",
        points,
        thresholds=[
            (days.tense, f"tendue sous {days.tense} jours"),
            (days.critical, f"critique sous {days.critical} jours"),
        ],
    )
