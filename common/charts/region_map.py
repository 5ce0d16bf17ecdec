"""The map of one region: its departments coloured and named, its neighbours pale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.safestring import SafeString

from common.charts.geometry import Box, Frame, spans_of, surrounding
from common.charts.labels import Label, Sheet, Style, department_labels
from common.charts.layers import (
    LARGE,
    PHONE,
    WIDTH,
    caption,
    framed,
    joined,
    label_group,
    link,
    neighbour,
    rectangle,
    shape,
    sheet,
)
from common.charts.outlines import PARIS_AND_INNER_SUBURBS, PARIS_TITLE, Outline, outlines
from common.charts.patterns import patterns
from common.charts.values import MapValue

MARGINS = (14.0, 50.0, 85.0, 120.0)
MANY = 8
INSET_HEIGHT = 350.0
CAPTION_HEIGHT = 30.0


@dataclass(frozen=True)
class Plate:
    """Departments drawn and labelled in one frame of the sheet."""

    box: Box
    frame: Frame
    values: Sequence[MapValue]
    labels: dict[Style, list[Label]]

    @property
    def is_crowded(self) -> bool:
        """Whether a label hides a border, for want of room."""
        return any(label.is_over for labels in self.labels.values() for label in labels)


def region_map(ident: str, title: str, values: Sequence[MapValue]) -> SafeString:
    """The departments of ``values``, each a link to its ``href``, with its name, figure and word.

    A code without outline is left to the table beside. ``ident`` is unique in the page. Paris and
    its inner suburbs, too small to be read with their region, are drawn again in an inset.
    """
    known = outlines()
    drawn = [value for value in values if value.code in known]
    if not drawn:
        return SafeString("")
    main, inset = plates_of(tuple(replace(value, title="", href=None) for value in drawn))
    small = {value.code for value in inset.values} if inset else set()
    content = [
        _neighbours(main),
        _shapes(ident, main, [value for value in drawn if value.code not in small]),
    ]
    if inset:
        content.append(_inset(ident, main, inset, [v for v in drawn if v.code in small]))
    plates = [main, inset] if inset else [main]
    content += [label_group(style, _labels(plates, style)) for style in (LARGE, PHONE)]
    return sheet(
        ident,
        title,
        height=plates[-1].box.bottom + (1 if inset else 0),
        definitions=joined(_definitions(ident, plates)),
        content=joined(content),
    )


@lru_cache(maxsize=128)
def plates_of(values: tuple[MapValue, ...]) -> tuple[Plate, Plate | None]:
    """The region, and the inset of Paris if it has one; every code has an outline.

    Kept for the next person who looks at the same figures, because labels take time to place:
    hence ``values`` without what is not printed.
    """
    around_paris = frozenset(PARIS_AND_INNER_SUBURBS)
    if not {value.code for value in values} > around_paris:
        return _main_plate(values, frozenset()), None
    main = _main_plate(values, around_paris)
    return main, _inset_plate([v for v in values if v.code in around_paris], main.box)


def _main_plate(values: Sequence[MapValue], small: frozenset[str]) -> Plate:
    """The largest region whose labels fit; failing that, labels over shapes too small for them."""
    for margin in MARGINS:
        box = _main_box(values, margin)
        plate = _plate(box, box.grown(-margin), values, room=box, without_label=small)
        if not plate.is_crowded:
            break
    return plate


def _main_box(values: Sequence[MapValue], margin: float) -> Box:
    bounds = surrounding(outlines()[value.code].bounds for value in values)
    highest = {1: 400.0}.get(len(values), 560.0 if len(values) < MANY else 680.0)
    width = WIDTH - 2 * margin
    height = min(bounds.height * width / bounds.width, highest - 2 * margin)
    return Box(0, 0, WIDTH, height + 2 * margin)


def _inset_plate(values: Sequence[MapValue], main: Box) -> Plate:
    box = Box(40, main.bottom + 12, WIDTH - 40, main.bottom + INSET_HEIGHT)
    room = Box(box.left, box.top + CAPTION_HEIGHT, box.right, box.bottom)
    return _plate(box, room.grown(-8), values, room=room, without_label=frozenset())


def _plate(
    box: Box, content: Box, values: Sequence[MapValue], *, room: Box, without_label: frozenset[str]
) -> Plate:
    drawn = {value.code: outlines()[value.code] for value in values}
    frame = Frame.fitting(surrounding(outline.bounds for outline in drawn.values()), content)
    shapes = {code: spans_of(outline.rings, frame) for code, outline in drawn.items()}
    shown = Sheet(shapes, _names(drawn, values), within=room.grown(-4))
    named = [value for value in values if value.code not in without_label]
    labels = {style: department_labels(named, shown, style) for style in (LARGE, PHONE)}
    return Plate(box, frame, values, labels)


def _names(drawn: dict[str, Outline], values: Sequence[MapValue]) -> dict[str, str]:
    return {value.code: value.name or drawn[value.code].name for value in values}


def _neighbours(plate: Plate) -> SafeString:
    codes = {value.code for value in plate.values}
    if any(outlines()[code].is_overseas for code in codes):
        return SafeString("")
    around = (
        neighbour(outline)
        for outline in outlines().values()
        if outline.code not in codes
        and not outline.is_overseas
        and plate.frame.place_box(outline.bounds).overlaps(plate.box)
    )
    return framed(plate.frame, joined(around))


def _shapes(ident: str, plate: Plate, values: Sequence[MapValue]) -> SafeString:
    links = (link(value, shape(outlines()[value.code], ident, value)) for value in values)
    return framed(plate.frame, joined(links))


def _inset(ident: str, main: Plate, inset: Plate, values: Sequence[MapValue]) -> SafeString:
    """The sheet below the map, and on it the small departments: one link, drawn at both places."""
    everything = surrounding(outlines()[value.code].bounds for value in values)
    marked = main.frame.place_box(everything).grown(3)
    below = Box(0, main.box.bottom, WIDTH, inset.box.bottom)
    links = (
        link(
            value,
            joined(
                framed(frame, shape(outlines()[value.code], name, value))
                for frame, name in ((main.frame, ident), (inset.frame, f"{ident}-loupe"))
            ),
        )
        for value in values
    )
    return joined(
        [
            rectangle(below, "app-carte__marge"),
            rectangle(inset.box, "app-carte__cadre"),
            joined(links),
            rectangle(marked, "app-carte__cadre"),
            *(caption(s, PARIS_TITLE, WIDTH / 2, inset.box.top + 22) for s in (LARGE, PHONE)),
        ]
    )


def _labels(plates: Sequence[Plate], style: Style) -> list[Label]:
    return [label for plate in plates for label in plate.labels[style]]


def _definitions(ident: str, plates: Sequence[Plate]) -> list[SafeString]:
    names = (ident, f"{ident}-loupe")
    return [
        patterns(name, (value.level for value in plate.values), scale=plate.frame.scale)
        for name, plate in zip(names, plates, strict=False)
    ]
