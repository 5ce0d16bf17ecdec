"""A line as small as a word: where a figure comes from, beside the figure.

Its whole content is its accessible name; the page that it leads to has the table.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, MARGIN = 96.0, 24.0, 3.0


def sparkline(title: str, values: Sequence[float | None]) -> SafeString:
    """The oldest first, from 0 up; a value that is not known breaks the line.

    Nothing at all is drawn of nothing.
    """
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    highest = max(known) or 1.0
    places = [
        None if value is None else (_x(rank, len(values)), _y(value / highest))
        for rank, value in enumerate(values)
    ]
    x, y = next(place for place in reversed(places) if place is not None)
    return format_html(
        '<svg class="app-mini" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="app-mini__zero" d="M0 {}H{}"/>{}'
        '<circle class="app-mini__point" cx="{}" cy="{}" r="2.5"/></svg>',
        f"{WIDTH:.0f}",
        f"{HEIGHT:.0f}",
        title,
        f"{HEIGHT - MARGIN / 2:.1f}",
        f"{WIDTH:.0f}",
        _lines(places),
        f"{x:.1f}",
        f"{y:.1f}",
    )


def _x(rank: int, count: int) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * (rank / (count - 1) if count > 1 else 1.0)


def _y(share: float) -> float:
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share


def _lines(places: Sequence[tuple[float, float] | None]) -> SafeString:
    """One line between two gaps; a lonely value is a dash, so that it is seen."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return format_html_join(
        "",
        '<polyline class="app-mini__ligne" points="{}"/>',
        ((_points(run),) for run in runs if run),
    )


def _points(run: Sequence[tuple[float, float]]) -> str:
    if len(run) == 1:
        x, y = run[0]
        run = [(x - 1.5, y), (x + 1.5, y)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
