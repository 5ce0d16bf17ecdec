"""The parts of a map as SVG: shapes, links, labels, and the sheet that holds them."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.geometry import Box, Frame
from common.charts.labels import Label, Style, nearest
from common.charts.outlines import Outline
from common.charts.patterns import fill
from common.charts.values import MapValue

# The sizes are those of charts.css, for a drawing 544 units wide: 14 px on a screen, 12 on a phone.
LARGE = Style("app-carte__large", 14, 13.2)
PHONE = Style("app-carte__etroite", 19, 18.5)

WIDTH = 544.0


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def neighbour(outline: Outline) -> SafeString:
    return format_html('<path class="app-voisin" d="{}"/>', outline.path)


def shape(outline: Outline, ident: str, value: MapValue) -> SafeString:
    return format_html('<path {} d="{}"/>', fill(ident, value.level), outline.path)


def framed(frame: Frame, content: SafeString) -> SafeString:
    return format_html('<g transform="{}">{}</g>', frame.transform, content)


def link(value: MapValue, content: SafeString) -> SafeString:
    if value.href is None:
        return format_html("<g><title>{}</title>{}</g>", value.title, content)
    return format_html('<a href="{}"><title>{}</title>{}</a>', value.href, value.title, content)


def rectangle(box: Box, css_class: str) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        css_class,
        f"{box.left:.1f}",
        f"{box.top:.1f}",
        f"{box.width:.1f}",
        f"{box.height:.1f}",
    )


def caption(style: Style, text: str, x: float, y: float) -> SafeString:
    return format_html(
        '<text class="app-dehors {}" x="{}" y="{}">{}</text>',
        style.css_class,
        f"{x:.1f}",
        f"{y:.1f}",
        text,
    )


def label_group(style: Style, labels: Iterable[Label]) -> SafeString:
    """Hidden from screen readers, which read the title of each link instead."""
    drawn = joined(_label(label) for label in labels)
    return format_html('<g class="{}" aria-hidden="true">{}</g>', style.css_class, drawn)


def _label(label: Label) -> SafeString:
    spans = []
    for line, box in label.line_boxes:
        css_class = SafeString("") if line.is_strong else SafeString(' class="app-petit"')
        x, y = f"{box.center[0]:.1f}", f"{box.bottom - line.size * 0.28:.1f}"
        spans.append(format_html('<tspan{} x="{}" y="{}">{}</tspan>', css_class, x, y, line.text))
    return format_html("{}<text{}>{}</text>", _leader(label), _ink(label), joined(spans))


def _ink(label: Label) -> SafeString:
    if label.is_outside:
        return SafeString(' class="app-dehors"')
    if label.value.level == "rupture":
        return SafeString(' class="app-clair"')
    return SafeString("")


def _leader(label: Label) -> SafeString:
    if label.leads_to is None:
        return SafeString("")
    x, y = label.leads_to
    end_x, end_y = nearest(label.box, label.leads_to)
    return format_html(
        '<path class="app-repere" d="M{} {}L{} {}"/>',
        f"{x:.1f}",
        f"{y:.1f}",
        f"{end_x:.1f}",
        f"{end_y:.1f}",
    )


def sheet(
    ident: str, title: str, *, height: float, definitions: SafeString, content: SafeString
) -> SafeString:
    return format_html(
        '<svg class="app-carte" viewBox="0 0 {0} {1}" role="group" aria-labelledby="{2}-titre">'
        '<title id="{2}-titre">{3}</title><defs>{4}</defs>{5}</svg>',
        f"{WIDTH:.0f}",
        f"{height:.0f}",
        ident,
        title,
        definitions,
        content,
    )
