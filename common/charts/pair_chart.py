"""Two values a line, before and after: a hollow circle, a full square, a stroke between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.scale import STEPS, graduation_text

WIDTH, LEFT, RIGHT = 600.0, 190.0, 28.0
ROW, TOP, FOOT = 24.0, 8.0, 30.0
MARGIN_OF_NAME = 12.0
RADIUS = 5.0
LINES = 6  # about so many graduations


@dataclass(frozen=True, slots=True)
class Pair:
    """One line; a value is None when there is nothing to measure."""

    label: str
    before: float | None
    after: float | None
    before_text: str
    after_text: str


def pair_chart(ident: str, title: str, pairs: Sequence[Pair]) -> SafeString:
    """``title`` says all for those who do not see it; a table beside gives the values."""
    known = [value for one in pairs for value in (one.before, one.after) if value is not None]
    marks = graduations_between(min(known, default=0.0), max(known, default=1.0))
    height = TOP + ROW * len(pairs) + FOOT
    bottom = height - FOOT
    return format_html(
        '<svg class="app-graphe" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-titre">'
        '<title id="{}-titre">{}</title>{}{}</svg>',
        f"{WIDTH:g}",
        f"{height:g}",
        ident,
        ident,
        title,
        format_html_join("", AXIS, ((_x(mark, marks), f"{bottom:g}", f"{bottom + 18:g}",
                                     graduation_text(mark)) for mark in marks)),
        format_html_join("", "{}", ((_row(one, rank, marks),) for rank, one in enumerate(pairs))),
    )  # fmt: skip


AXIS = (
    '<line class="app-axe" x1="{0}" x2="{0}" y1="8" y2="{1}"/>'
    '<text x="{0}" y="{2}" text-anchor="middle">{3}</text>'
)


def graduations_between(lowest: float, highest: float) -> list[float]:
    """Round numbers around the values: small changes of large numbers are seen."""
    step = _step(max(highest - lowest, 1e-4) if highest > lowest else max(abs(highest), 1.0))
    first = floor(lowest / step + 1e-9)
    marks = [first * step]
    while marks[-1] < highest - step * 1e-9 or len(marks) < 2:
        marks.append((first + len(marks)) * step)
    return [round(mark, 6) for mark in marks]


def _step(span: float) -> float:
    power = 10.0 ** floor(log10(span / LINES))
    return next(factor * power for factor in STEPS if factor * power * LINES >= span * 0.999)


def _x(value: float, marks: Sequence[float]) -> str:
    share = (value - marks[0]) / (marks[-1] - marks[0])
    return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"


def _row(pair: Pair, rank: int, marks: Sequence[float]) -> SafeString:
    y = TOP + ROW * rank + ROW / 2
    name = format_html(
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        f"{LEFT - MARGIN_OF_NAME:g}",
        f"{y + 4:g}",
        pair.label,
    )
    return name + _stroke(pair, y, marks) + _circle(pair, y, marks) + _square(pair, y, marks)


def _stroke(pair: Pair, y: float, marks: Sequence[float]) -> SafeString:
    if pair.before is None or pair.after is None or pair.before == pair.after:
        return SafeString()
    line = '<line class="app-ecart" x1="{}" x2="{}" y1="{}" y2="{}"/>'
    return format_html(line, _x(pair.before, marks), _x(pair.after, marks), f"{y:g}", f"{y:g}")


def _circle(pair: Pair, y: float, marks: Sequence[float]) -> SafeString:
    if pair.before is None:
        return SafeString()
    return format_html(
        '<circle class="app-point--creux" cx="{}" cy="{}" r="5"><title>{}</title></circle>',
        _x(pair.before, marks),
        f"{y:g}",
        pair.before_text,
    )


def _square(pair: Pair, y: float, marks: Sequence[float]) -> SafeString:
    if pair.after is None:
        return SafeString()
    return format_html(
        '<rect class="app-point" x="{}" y="{}" width="10" height="10"><title>{}</title></rect>',
        f"{float(_x(pair.after, marks)) - RADIUS:.1f}",
        f"{y - RADIUS:g}",
        pair.after_text,
    )
