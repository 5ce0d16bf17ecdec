"""A few weeks of one figure: closed weeks in a plain line, the current one dashed and hollow.

Two drawings of the same line, one for each width of screen; the style sheet shows one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.geometry import Box, Pair
from common.charts.layers import joined
from common.charts.scale import graduation_text, graduations
from common.charts.text import text_width
from common.charts.values import Point

SIZE = 14.0  # as in charts.css: at least 11 px in a half column and on a phone
HEIGHT = 18.0
NOTHING = "Aucune donnée sur la période"

Threshold = tuple[float, str]


@dataclass(frozen=True)
class Canvas:
    """Where a value and a rank fall on the drawing."""

    width: float
    height: float
    graduations: Sequence[float]
    count: int

    @cached_property
    def plot(self) -> Box:
        widest = max(text_width(graduation_text(value), SIZE) for value in self.graduations)
        return Box(widest + 12, 28, self.width - 8, self.height - 30)

    def x(self, rank: int) -> float:
        left, right = self.plot.left + 18, self.plot.right - 22
        if self.count == 1:
            return (left + right) / 2
        return left + (right - left) * rank / (self.count - 1)

    def y(self, value: float) -> float:
        return self.plot.bottom - self.plot.height * value / self.graduations[-1]


def line_chart(
    ident: str,
    title: str,
    points: Sequence[Point],
    *,
    thresholds: Sequence[Threshold] = (),
    partial_last: bool = False,
    is_count: bool = False,
) -> SafeString:
    """The line of ``points``, oldest first; ``title`` says in a sentence what it shows.

    A point without value breaks the line. A point is drawn as incomplete when it says so, or, with
    ``partial_last``, when it is the last. ``is_count``: its values are counts, without halves.
    ``ident`` is unique in the page.
    """
    partial = {rank for rank, point in enumerate(points) if point.is_partial}
    if partial_last and points:
        partial.add(len(points) - 1)
    highest = max((point.value for point in points if point.value is not None), default=0.0)
    marks = graduations(highest, [value for value, _ in thresholds], is_whole=is_count)
    return joined(
        _drawing(
            f"{ident}-{name}",
            title,
            points,
            partial,
            thresholds,
            Canvas(width, height, marks, len(points)),
            css_class,
        )
        for name, css_class, width, height in (
            ("large", "app-graphe app-graphe--large", 560, 300),
            ("etroit", "app-graphe app-graphe--etroit", 360, 280),
        )
    )


def _drawing(
    ident: str,
    title: str,
    points: Sequence[Point],
    partial: set[int],
    thresholds: Sequence[Threshold],
    canvas: Canvas,
    css_class: str,
) -> SafeString:
    segments = list(_segments(points, canvas))
    dots = _dot_boxes(points, canvas)
    values = list(_value_labels(points, canvas, segments, dots))
    taken = [*dots, *(box for box, _ in values)]
    return format_html(
        '<svg class="{0}" viewBox="0 0 {1} {2}" role="img" aria-labelledby="{3}-titre">'
        '<title id="{3}-titre">{4}</title>{5}{6}{7}{8}{9}</svg>',
        css_class,
        f"{canvas.width:.0f}",
        f"{canvas.height:.0f}",
        ident,
        title,
        _axes(points, canvas),
        _threshold_lines(thresholds, canvas),
        _line(segments, partial),
        _dots(points, partial, canvas),
        joined([*_threshold_texts(thresholds, canvas, segments, taken), *_value_texts(values)])
        if segments or taken
        else _text(Box(0, 0, canvas.width, canvas.height), NOTHING),
    )


Segment = tuple[int, Pair, Pair]


def _segments(points: Sequence[Point], canvas: Canvas) -> Iterator[Segment]:
    """Between two weeks that follow each other and are both known, with the rank of the later."""
    for rank in range(1, len(points)):
        before, after = points[rank - 1].value, points[rank].value
        if before is not None and after is not None:
            start = (canvas.x(rank - 1), canvas.y(before))
            yield rank, start, (canvas.x(rank), canvas.y(after))


def _line(segments: Sequence[Segment], partial: set[int]) -> SafeString:
    """Whole weeks joined in as few lines as there are gaps; a partial week dashed on its own."""
    runs: list[tuple[int, list[Pair], bool]] = []
    for rank, start, end in segments:
        dashed = rank in partial
        if runs and runs[-1][0] == rank - 1 and not dashed and not runs[-1][2]:
            runs[-1] = (rank, [*runs[-1][1], end], False)
        else:
            runs.append((rank, [start, end], dashed))
    return format_html_join(
        "",
        '<polyline class="app-ligne{}" points="{}"/>',
        (
            (" app-ligne--partiel" if dashed else "", " ".join(f"{x:.1f},{y:.1f}" for x, y in run))
            for _, run, dashed in runs
        ),
    )


def _dots(points: Sequence[Point], partial: set[int], canvas: Canvas) -> SafeString:
    return format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}\u00a0: {}</title></circle>',
        (
            (
                "app-point--creux" if rank in partial else "app-point",
                f"{canvas.x(rank):.1f}",
                f"{canvas.y(point.value):.1f}",
                5 if rank in partial else 4,
                point.label,
                point.text,
            )
            for rank, point in enumerate(points)
            if point.value is not None
        ),
    )


def _dot_boxes(points: Sequence[Point], canvas: Canvas) -> list[Box]:
    known = [(rank, point.value) for rank, point in enumerate(points) if point.value is not None]
    middles = [(canvas.x(rank), canvas.y(value)) for rank, value in known]
    return [Box(x, y, x, y).grown(4) for x, y in middles]


def _axes(points: Sequence[Point], canvas: Canvas) -> SafeString:
    plot = canvas.plot
    lines = format_html_join(
        "",
        '<path class="app-axe" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                f"{plot.left:.1f}",
                f"{canvas.y(value):.1f}",
                f"{plot.right:.1f}",
                f"{plot.left - 6:.1f}",
                f"{canvas.y(value) + 4.5:.1f}",
                graduation_text(value),
            )
            for value in canvas.graduations
        ),
    )
    return joined([lines, *(_text(box, text) for box, text in _week_labels(points, canvas))])


def _week_labels(points: Sequence[Point], canvas: Canvas) -> Iterator[tuple[Box, str]]:
    """As many weeks named as can be read, counted back from the last."""
    if not points:
        return
    widest = max(text_width(point.label, SIZE) for point in points) + 8
    gap = canvas.x(1) - canvas.x(0) if len(points) > 1 else widest
    every = max(1, int(-(-widest // gap)))
    for rank in range(len(points) - 1, -1, -every):
        label = points[rank].label
        half, middle = text_width(label, SIZE) / 2, canvas.x(rank)
        top = canvas.plot.bottom + 8
        yield Box(middle - half, top, middle + half, top + HEIGHT), label


def _threshold_lines(thresholds: Sequence[Threshold], canvas: Canvas) -> SafeString:
    return format_html_join(
        "",
        '<path class="app-seuil" d="M{} {}H{}"/>',
        (
            (f"{canvas.plot.left:.1f}", f"{canvas.y(value):.1f}", f"{canvas.plot.right:.1f}")
            for value, _ in thresholds
        ),
    )


def _threshold_texts(
    thresholds: Sequence[Threshold],
    canvas: Canvas,
    segments: Sequence[Segment],
    taken: list[Box],
) -> Iterator[SafeString]:
    """Above or below its line, from left to right where it hides least."""
    for value, text in thresholds:
        width, y = text_width(text, SIZE), canvas.y(value)
        left, room = canvas.plot.left + 4, canvas.plot.width - width - 8
        boxes = [
            Box(left + room * part, top, left + room * part + width, top + HEIGHT)
            for top in (y - HEIGHT - 3, y + 3)
            for part in (0, 1, 0.33, 0.67)
            if top + HEIGHT <= canvas.plot.bottom
        ]
        best = min(boxes, key=lambda box: _hidden(box, segments, taken))
        taken.append(best)
        yield _text(best, text)


def _value_labels(
    points: Sequence[Point], canvas: Canvas, segments: Sequence[Segment], dots: Sequence[Box]
) -> Iterator[tuple[Box, str]]:
    """The first, last and lowest values, where neither the line nor a week stands."""
    known = [(point.value, rank) for rank, point in enumerate(points) if point.value is not None]
    if not known:
        return
    ends = (known[0][1], known[-1][1])  # written anyway: one that is as low stands for the others
    lowest = min(known, key=lambda pair: (pair[0], pair[1] not in ends, -pair[1]))[1]
    taken = [*dots, *(box for box, _ in _week_labels(points, canvas))]
    for rank in dict.fromkeys((known[-1][1], known[0][1], lowest)):
        point = points[rank]
        half, x, y = (
            text_width(point.text, SIZE, bold=True) / 2,
            canvas.x(rank),
            canvas.y(point.value or 0.0),
        )
        x = min(max(x, canvas.plot.left - 4 + half), canvas.width - half)
        above = Box(x - half, y - 9 - HEIGHT, x + half, y - 9)
        below = Box(x - half, y + 8, x + half, y + 8 + HEIGHT)
        best = min((above, below), key=lambda box: _hidden(box, segments, taken))
        taken.append(best)
        yield best, point.text


def _value_texts(labels: Sequence[tuple[Box, str]]) -> Iterator[SafeString]:
    return (_text(box, text, "app-valeur") for box, text in labels)


def _hidden(box: Box, segments: Sequence[Segment], taken: Sequence[Box]) -> float:
    """How much of the curve and of other words a text placed there would cover."""
    covered = 10.0 * sum(box.grown(1).overlaps(other) for other in taken)
    for _, (x1, y1), (x2, y2) in segments:
        for part in range(17):
            x, y = x1 + (x2 - x1) * part / 16, y1 + (y2 - y1) * part / 16
            covered += 0.1 * (box.left < x < box.right and box.top < y < box.bottom)
    return covered


def _text(box: Box, text: str, css_class: str = "") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>',
        css_class,
        f"{box.center[0]:.1f}",
        f"{box.center[1] + 4.5:.1f}",
        text,
    )
