"""The map of the country: mainland, overseas departments below, Paris enlarged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.charts.geometry import Box, Frame, Spans, merged, spans_of, surrounding
from common.charts.labels import (
    TOLERANCE,
    Label,
    Line,
    Sheet,
    Style,
    last,
    named_wordings,
    placed_inside,
    placed_outside,
    placed_over,
)
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
from common.charts.outlines import (
    OVERSEAS,
    PARIS_AND_INNER_SUBURBS,
    PARIS_TITLE,
    Outline,
    outlines,
)
from common.charts.patterns import patterns
from common.charts.text import text_width, wrapped
from common.charts.values import Level, MapValue

OVERSEAS_SCALE = 1.3
OVERSEAS_HEIGHT = 72.0
OVERSEAS_WIDTHS = {"971": 124.0, "972": 116.0, "973": 92.0, "974": 116.0, "976": 96.0}
INITIALS = {"11": "IdF", "27": "BFC", "93": "PACA"}  # by the region's code
FARTHEST = 120.0  # from the middle of a region to its name in the sea
PARIS_BOX = Box(4, 374, 116, 484)  # in the sea

Printed = tuple[MapValue, tuple[str, ...]]  # a region and its departments
Labels = tuple[Label, ...]
Taken = Sequence[Box]


@dataclass(frozen=True)
class Territory:
    """What is one link: a department, or the departments of a region."""

    value: MapValue
    outlines: tuple[Outline, ...]

    @property
    def is_overseas(self) -> bool:
        return self.outlines[0].is_overseas


def country_map(ident: str, title: str, values: Sequence[MapValue]) -> SafeString:
    """The 101 departments, each a link; one without value stays pale. ``ident`` is unique."""
    known = outlines()
    territories = [
        Territory(value, (known[value.code],)) for value in values if value.code in known
    ]
    return _country(ident, title, territories, labels_mainland=False)


def country_map_by_region(
    ident: str,
    title: str,
    values: Sequence[MapValue],
    departments_by_region: Mapping[str, Iterable[str]],
) -> SafeString:
    """The same, one link a region: ``values`` carry region codes and the regions' names."""
    known = outlines()
    territories = []
    for value in values:
        codes = [code for code in departments_by_region.get(value.code, ()) if code in known]
        if codes:
            territories.append(Territory(value, tuple(known[code] for code in codes)))
    return _country(ident, title, territories, labels_mainland=True)


def _country(
    ident: str, title: str, territories: Sequence[Territory], *, labels_mainland: bool
) -> SafeString:
    mainland = [outline for outline in outlines().values() if not outline.is_overseas]
    bounds = surrounding(outline.bounds for outline in mainland)
    box = Box(4, 4, WIDTH - 4, 4 + bounds.height * (WIDTH - 8) / bounds.width)
    frame = Frame.fitting(bounds, box)
    near = [territory for territory in territories if not territory.is_overseas]
    far = [territory for territory in territories if territory.is_overseas]
    around_paris = [] if labels_mainland else _around_paris(near)
    elsewhere = [territory for territory in near if territory not in around_paris]
    parts = [
        framed(frame, _without_value(mainland, near)),
        framed(frame, joined(_linked(ident, territory) for territory in elsewhere)),
        *(_overseas(ident, territory, box.bottom) for territory in far),
    ]
    definitions = [
        _patterns(ident, near, frame.scale),
        _patterns(f"{ident}-outremer", far, OVERSEAS_SCALE),
    ]
    if labels_mainland:
        parts += [_region_labels(near, frame, box, style) for style in (LARGE, PHONE)]
    if around_paris:
        parts.append(_paris(ident, around_paris, frame))
        definitions.append(_patterns(f"{ident}-loupe", around_paris, _paris_frame().scale))
    parts += [_overseas_labels(far, style, box.bottom) for style in (LARGE, PHONE)]
    height = box.bottom + OVERSEAS_HEIGHT + 4.6 * PHONE.size
    return sheet(
        ident, title, height=height, definitions=joined(definitions), content=joined(parts)
    )


def _patterns(ident: str, territories: Sequence[Territory], scale: float) -> SafeString:
    levels: list[Level] = [territory.value.level for territory in territories]
    return patterns(ident, levels, scale=scale)


def _without_value(mainland: Sequence[Outline], near: Sequence[Territory]) -> SafeString:
    known = {outline.code for territory in near for outline in territory.outlines}
    return joined(neighbour(outline) for outline in mainland if outline.code not in known)


def _linked(ident: str, territory: Territory) -> SafeString:
    return link(territory.value, _drawn(ident, territory))


def _drawn(ident: str, territory: Territory) -> SafeString:
    """Of a region of several departments, its border stands out from those within."""
    value = territory.value
    shapes = joined(shape(outline, ident, value) for outline in territory.outlines)
    if len(territory.outlines) == 1:
        return shapes
    return format_html(
        '<use class="app-contour" href="#{0}-{1}"/><g id="{0}-{1}" class="app-dedans">{2}</g>',
        ident,
        value.code,
        shapes,
    )


def _cell(code: str, top: float) -> Box:
    """Where an overseas department stands, in the order of the codes."""
    left = sum(OVERSEAS_WIDTHS[before] for before in OVERSEAS[: OVERSEAS.index(code)])
    return Box(left, top + 8, left + OVERSEAS_WIDTHS[code], top + 8 + OVERSEAS_HEIGHT)


def _overseas(ident: str, territory: Territory, top: float) -> SafeString:
    outline = territory.outlines[0]
    cell = _cell(outline.code, top)
    x = cell.center[0] - outline.bounds.center[0] * OVERSEAS_SCALE
    y = cell.center[1] - outline.bounds.center[1] * OVERSEAS_SCALE
    return framed(Frame(OVERSEAS_SCALE, x, y), _linked(f"{ident}-outremer", territory))


def _overseas_labels(far: Sequence[Territory], style: Style, top: float) -> SafeString:
    labels = []
    for territory in far:
        value, outline = territory.value, territory.outlines[0]
        cell = _cell(outline.code, top)
        name = value.name or outline.name
        word = Line(value.word, style.small_size, is_strong=False)
        lines = (Line(name, style.size), Line(value.value_text, style.size), word)
        height = sum(line.height for line in lines)
        box = Box(cell.left, cell.bottom + 2, cell.right, cell.bottom + 2 + height)
        labels.append(Label(value, lines, box, is_outside=True))
    return label_group(style, labels)


def _around_paris(near: Sequence[Territory]) -> list[Territory]:
    return [t for t in near if t.outlines[0].code in PARIS_AND_INNER_SUBURBS]


def _paris_frame() -> Frame:
    content = surrounding(outlines()[code].bounds for code in PARIS_AND_INNER_SUBURBS)
    return Frame.fitting(content, PARIS_BOX.grown(-6))


def _paris(ident: str, territories: Sequence[Territory], frame: Frame) -> SafeString:
    """Four departments too small to be seen or touched: one link each, drawn at both places."""
    places = ((frame, ident), (_paris_frame(), f"{ident}-loupe"))
    links = (
        link(t.value, joined(framed(at, _drawn(name, t)) for at, name in places))
        for t in territories
    )
    return joined(
        [
            *links,
            rectangle(PARIS_BOX, "app-carte__cadre"),
            *(_paris_caption(style) for style in (LARGE, PHONE)),
        ]
    )


def _paris_caption(style: Style) -> SafeString:
    lines = wrapped(PARIS_TITLE, 2)
    half = max(text_width(line, style.size, bold=True) for line in lines) / 2
    x = max(PARIS_BOX.center[0], half + PARIS_BOX.left)
    return joined(
        caption(style, line, x, PARIS_BOX.bottom + style.size * 1.2 * rank)
        for rank, line in enumerate(lines, start=1)
    )


def _region_labels(near: Sequence[Territory], frame: Frame, box: Box, style: Style) -> SafeString:
    printed = tuple(
        (replace(t.value, title="", href=None), tuple(one.code for one in t.outlines)) for t in near
    )
    return label_group(style, _placed_names(printed, frame, box, style))


@lru_cache(maxsize=64)
def _placed_names(printed: tuple[Printed, ...], frame: Frame, box: Box, style: Style) -> Labels:
    """Kept for the next person who looks at the same figures: labels take time to place."""
    shapes = {
        value.code: merged(spans_of(outlines()[code].rings, frame) for code in codes)
        for value, codes in printed
    }
    page = Sheet(shapes, {value.code: value.name for value, _ in printed}, within=box)
    labels: list[Label] = []
    waiting = [value for value, _ in printed]
    for attempt in (_name_inside, _name_in_the_sea, _name_over_the_border):
        for value in tuple(waiting):
            label = attempt(value, page, [label.box for label in labels], style)
            if label:
                labels.append(label)
                waiting.remove(value)
    return (*labels, *(_over(value, shapes[value.code], box, style) for value in waiting))


def _over(value: MapValue, shape: Spans, box: Box, style: Style) -> Label:
    said = (*filter(None, [INITIALS.get(value.code)]), value.value_text)
    return placed_over(value, tuple(Line(text, style.size) for text in said), shape, box)


def _name_inside(value: MapValue, page: Sheet, taken: Taken, style: Style) -> Label | None:
    """With its word if it fits; a region known by its initials may go by them."""
    names = [value.name, *filter(None, [INITIALS.get(value.code)])]
    wordings = (lines for name in names for lines in named_wordings(value, name, style))
    shape = page.shapes[value.code]
    return next(filter(None, (placed_inside(value, lines, shape, -3) for lines in wordings)), None)


def _name_in_the_sea(value: MapValue, page: Sheet, taken: Taken, style: Style) -> Label | None:
    wordings = named_wordings(value, value.name, style)
    places = (placed_outside(value, lines, page, taken, farthest=FARTHEST) for lines in wordings)
    return next(filter(None, places), None)


def _name_over_the_border(value: MapValue, page: Sheet, taken: Taken, style: Style) -> Label | None:
    lines = last(named_wordings(value, INITIALS.get(value.code, value.name), style))
    label = placed_inside(value, lines, page.shapes[value.code], -TOLERANCE)
    return label if label and not any(label.box.overlaps(box) for box in taken) else None
