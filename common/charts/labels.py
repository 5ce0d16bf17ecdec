"""Where the words of a map go: inside their shape, else outside with a line leading to it.

The same map carries two sets of labels, one for each width of screen, because a map shrunk to a
phone would shrink its words below what can be read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import dist, inf

from common.charts.geometry import ROW, Box, Pair, Spans, merged, middle_of, touches, widest
from common.charts.text import text_width, wrapped
from common.charts.values import MapValue

MARGIN = 2.5
TOLERANCE = 11.0  # how far the last resort may pass its border, on a halo
NEARBY = 60.0
MAX_SHIFT_BONUS = 12.0
SEARCH_STEP = 8.0
CROSSING = 1000.0  # what a line over another department costs


@dataclass(frozen=True)
class Style:
    """One set of labels: the CSS class that shows it and the size of its words."""

    css_class: str
    size: float
    small_size: float


@dataclass(frozen=True)
class Line:
    text: str
    size: float
    is_strong: bool = True

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.is_strong)

    @property
    def height(self) -> float:
        return self.size * 1.2


Lines = tuple[Line, ...]


@dataclass(frozen=True)
class Label:
    """``is_outside`` tells a label that stands on the page, not on its department's colour;
    ``is_over`` one that found no room of its own.
    """

    value: MapValue
    lines: Lines
    box: Box
    is_outside: bool = False
    leads_to: Pair | None = None
    is_over: bool = False

    @property
    def line_boxes(self) -> Iterator[tuple[Line, Box]]:
        middle, top = self.box.center[0], self.box.top
        for line in self.lines:
            half, bottom = line.width / 2, top + line.height
            yield line, Box(middle - half, top, middle + half, bottom)
            top = bottom


def named_wordings(value: MapValue, name: str, style: Style) -> Iterator[Lines]:
    """What a territory may say with its name, the most complete first."""
    word = Line(value.word, style.small_size, is_strong=False)
    figure = Line(value.value_text, style.size)
    names = [tuple(Line(text, style.size) for text in wrapped(name, count)) for count in (1, 2, 3)]
    yield from ((*name_lines, figure, word) for name_lines in names)
    yield from ((*name_lines, figure) for name_lines in names)


def coded_wordings(value: MapValue, style: Style) -> Iterator[Lines]:
    """What it may say without room for its name, which its title and the table still give."""
    word = Line(value.word, style.small_size, is_strong=False)
    code, figure = Line(value.code, style.size), Line(value.value_text, style.size)
    yield (code, figure, word)
    yield (code, figure)


def last(wordings: Iterator[Lines]) -> Lines:
    *_, shortest = wordings
    return shortest


def size_of(lines: Lines) -> tuple[float, float]:
    return max(line.width for line in lines), sum(line.height for line in lines)


def placed_inside(
    value: MapValue, lines: Lines, spans: Spans, margin: float = MARGIN
) -> Label | None:
    """The label as near as it can be to the middle of its shape, ``margin`` from its border."""
    middle_x, middle_y = middle_of(spans)
    width, height = size_of(lines)
    best: tuple[float, float, float] | None = None
    for row in spans:
        room = _room(lines, spans, row * ROW, margin)
        if room is None:
            continue
        x = min(max(middle_x, room[0]), room[1])
        distance = abs(x - middle_x) + abs(row * ROW + height / 2 - middle_y)
        score = distance - min(room[1] - room[0], MAX_SHIFT_BONUS)
        if best is None or score < best[0]:
            best = (score, x, row * ROW)
    if best is None:
        return None
    _, x, top = best
    return Label(value, lines, Box(x - width / 2, top, x + width / 2, top + height))


def _room(lines: Lines, spans: Spans, top: float, margin: float) -> Pair | None:
    """Between which abscissas the middle of the label may stand when it starts at ``top``."""
    left, right, y = float("-inf"), float("inf"), top
    for line in lines:
        half = line.width / 2 + margin
        for row in range(int(y // ROW), int((y + line.height) // ROW) + 1):
            if row not in spans:
                return None
            inner = widest(spans[row])
            left, right = max(left, inner[0] + half), min(right, inner[1] - half)
            if left > right:
                return None
        y += line.height
    return left, right


def placed_outside(
    value: MapValue, lines: Lines, sheet: "Sheet", taken: Sequence[Box], *, farthest: float
) -> Label | None:
    """The label outside every shape, near its own, with a line that crosses no other if it can."""
    target = sheet.middles[value.code]
    width, height = size_of(lines)
    near = Box(*target, *target).grown(farthest + max(width, height)).common(sheet.within)
    best: tuple[float, Box] | None = None
    for box in _boxes((width, height), near):
        distance = _distance(box, target)
        if distance > farthest or (best is not None and distance >= best[0]):
            continue
        around = box.grown(MARGIN)
        if touches(sheet.everything, around) or any(around.overlaps(other) for other in taken):
            continue
        distance += (
            CROSSING if sheet.crosses_others(value.code, target, nearest(box, target)) else 0
        )
        if distance <= farthest and (best is None or distance < best[0]):
            best = (distance, box)
    if best is None:
        return None
    return Label(value, lines, best[1], is_outside=True, leads_to=target)


def _boxes(size: Pair, area: Box) -> Iterator[Box]:
    width, height = size
    for top in _steps(area.top, area.bottom - height):
        for left in _steps(area.left, area.right - width):
            yield Box(left, top, left + width, top + height)


def _steps(start: float, end: float) -> list[float]:
    return [start + SEARCH_STEP * step for step in range(int((end - start) // SEARCH_STEP) + 1)]


def nearest(box: Box, point: Pair) -> Pair:
    x, y = point
    return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)


def _distance(box: Box, point: Pair) -> float:
    return dist(nearest(box, point), point)


def placed_over(value: MapValue, lines: Lines, spans: Spans, within: Box) -> Label:
    """The label on the middle of a shape too small for it, kept in the drawing."""
    x, y = middle_of(spans)
    width, height = size_of(lines)
    x = min(max(x, within.left + width / 2), within.right - width / 2)
    y = min(max(y, within.top + height / 2), within.bottom - height / 2)
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Label(value, lines, box, is_outside=True, is_over=True)


@dataclass(frozen=True)
class Sheet:
    """The shapes to label, and where labels may stand."""

    shapes: Mapping[str, Spans]
    names: Mapping[str, str]
    within: Box

    @cached_property
    def everything(self) -> Spans:
        return merged(self.shapes.values())

    @cached_property
    def middles(self) -> dict[str, Pair]:
        return {code: middle_of(spans) for code, spans in self.shapes.items()}

    def crosses_others(self, code: str, start: Pair, end: Pair) -> bool:
        others = [spans for other, spans in self.shapes.items() if other != code]
        for part in range(1, 16):
            x = start[0] + (end[0] - start[0]) * part / 16
            y = start[1] + (end[1] - start[1]) * part / 16
            if any(touches(spans, Box(x, y, x + 0.1, y + 0.1)) for spans in others):
                return True
        return False


Attempt = Callable[[MapValue, Sequence[Box]], Label | None]


def department_labels(values: Sequence[MapValue], sheet: Sheet, style: Style) -> list[Label]:
    """One label for each department, none over another unless the sheet is too tight."""
    labels: list[Label] = []
    waiting = list(values)
    for attempt in _attempts(sheet, style):
        for value in tuple(waiting):
            label = attempt(value, [label.box for label in labels])
            if label:
                labels.append(label)
                waiting.remove(value)
    return labels


def _attempts(sheet: Sheet, style: Style) -> Iterator[Attempt]:
    """Named inside, named close by, coded inside, coded over the border, named anywhere.

    A label that fits nowhere, its words being too long, is still written: a page never fails.
    """

    def named(value: MapValue) -> list[Lines]:
        return list(named_wordings(value, sheet.names[value.code], style))

    def inside(value: MapValue, wordings: Sequence[Lines]) -> Label | None:
        found = (placed_inside(value, lines, sheet.shapes[value.code]) for lines in wordings)
        return next((label for label in found if label), None)

    def outside(value: MapValue, taken: Sequence[Box], farthest: float) -> Label | None:
        found = (
            placed_outside(value, lines, sheet, taken, farthest=farthest) for lines in named(value)
        )
        return next((label for label in found if label), None)

    def over_the_border(value: MapValue, taken: Sequence[Box]) -> Label | None:
        shortest = last(coded_wordings(value, style))
        label = placed_inside(value, shortest, sheet.shapes[value.code], -TOLERANCE)
        return label if label and not any(label.box.overlaps(box) for box in taken) else None

    yield lambda value, taken: inside(value, named(value))
    yield lambda value, taken: outside(value, taken, NEARBY)
    yield lambda value, taken: inside(value, list(coded_wordings(value, style)))
    yield over_the_border
    yield lambda value, taken: outside(value, taken, inf)
    yield lambda value, taken: placed_over(
        value, last(coded_wordings(value, style)), sheet.shapes[value.code], sheet.within
    )
