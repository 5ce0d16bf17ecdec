"""Boxes, and the horizontal spans a shape leaves free for text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Pair = tuple[float, float]
Ring = tuple[Pair, ...]

ROW = 2.0  # height of a row of spans, in units of the drawing


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> Pair:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def contains(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def common(self, other: "Box") -> "Box":
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def surrounding(boxes: Iterable[Box]) -> Box:
    every = list(boxes)
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )


@dataclass(frozen=True)
class Frame:
    """How the outlines' own units become units of the drawing."""

    scale: float
    shift_x: float
    shift_y: float

    @classmethod
    def fitting(cls, content: Box, into: Box) -> "Frame":
        """The largest drawing of ``content`` centred in ``into``, proportions kept."""
        scale = min(into.width / content.width, into.height / content.height)
        (content_x, content_y), (into_x, into_y) = content.center, into.center
        return cls(scale, into_x - content_x * scale, into_y - content_y * scale)

    def place(self, point: Pair) -> Pair:
        return point[0] * self.scale + self.shift_x, point[1] * self.scale + self.shift_y

    def place_box(self, box: Box) -> Box:
        return Box(*self.place((box.left, box.top)), *self.place((box.right, box.bottom)))

    @property
    def transform(self) -> str:
        return f"translate({self.shift_x:.1f} {self.shift_y:.1f}) scale({self.scale:.3f})"


Spans = dict[int, list[Pair]]


def spans_of(rings: Sequence[Ring], frame: Frame) -> Spans:
    """For each row crossing the shape, its inner intervals from left to right."""
    crossings: dict[int, list[float]] = {}
    for ring in rings:
        placed = [frame.place(point) for point in ring]
        for (x1, y1), (x2, y2) in zip(placed, [*placed[1:], placed[0]], strict=True):
            if y1 > y2:
                x1, y1, x2, y2 = x2, y2, x1, y1
            row = int(y1 // ROW)
            while row * ROW < y2:
                if row * ROW >= y1:
                    at = x1 + (row * ROW - y1) / (y2 - y1) * (x2 - x1)
                    crossings.setdefault(row, []).append(at)
                row += 1
    return {row: _paired(sorted(found)) for row, found in crossings.items()}


def _paired(ordered: list[float]) -> list[Pair]:
    return list(zip(ordered[::2], ordered[1::2], strict=False))


def merged(shapes: Iterable[Spans], *, gap: float = 4.0) -> Spans:
    """The spans of several shapes taken as one; intervals closer than ``gap`` are joined."""
    together: dict[int, list[Pair]] = {}
    for shape in shapes:
        for row, intervals in shape.items():
            together.setdefault(row, []).extend(intervals)
    result: Spans = {}
    for row, intervals in together.items():
        joined: list[Pair] = []
        for left, right in sorted(intervals):
            if joined and left - joined[-1][1] <= gap:
                joined[-1] = (joined[-1][0], max(joined[-1][1], right))
            else:
                joined.append((left, right))
        result[row] = joined
    return result


def widest(intervals: Sequence[Pair]) -> Pair:
    if len(intervals) == 1:
        return intervals[0]
    return max(intervals, key=lambda interval: interval[1] - interval[0])


def middle_of(spans: Spans) -> Pair:
    """The centre of gravity of the shape."""
    area = sum(right - left for row in spans.values() for left, right in row) or 1.0
    x = sum((right**2 - left**2) / 2 for row in spans.values() for left, right in row) / area
    y = sum(ROW * key * (right - left) for key, row in spans.items() for left, right in row) / area
    return x, y


def touches(spans: Spans, box: Box) -> bool:
    return any(
        left < box.right and box.left < right
        for row in range(int(box.top // ROW), int(box.bottom // ROW) + 1)
        for left, right in spans.get(row, ())
    )
