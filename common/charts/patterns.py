"""A level is never a colour alone: each has its fill and its pattern, told apart in grey."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.charts.values import Level

TILES: dict[Level, tuple[int, str, SafeString]] = {
    "critique": (6, "rotate(45)", mark_safe('<path class="app-trait" d="M0 0v6"/>')),
    "tendue": (7, "", mark_safe('<circle class="app-pastille" cx="3.5" cy="3.5" r="1"/>')),
    "sans_consommation": (
        10,
        "",
        mark_safe('<path class="app-trait app-trait--fin" d="M3 5h4M5 3v4"/>'),
    ),
    "inconnue": (
        6,
        "rotate(-45)",
        mark_safe('<path class="app-trait app-trait--fin" d="M0 0v6"/>'),
    ),
}


def css_name(level: Level) -> str:
    return level.replace("_", "-")


def pattern(ident: str, level: Level, *, scale: float = 1.0) -> SafeString:
    """The definition a fill of this level refers to; empty for a plain one.

    ``scale`` is the one of the shapes it fills, undone here so that hatches look alike everywhere.
    """
    if level not in TILES:
        return SafeString("")
    size, turn, drawing = TILES[level]
    return format_html(
        '<pattern id="{0}-{1}" width="{2}" height="{2}" patternUnits="userSpaceOnUse"'
        ' patternTransform="scale({3}){4}"><rect class="app-fond-{1}" width="{2}" height="{2}"/>'
        "{5}</pattern>",
        ident,
        css_name(level),
        size,
        f"{1 / scale:.3f}",
        turn,
        drawing,
    )


def patterns(ident: str, levels: Iterable[Level], *, scale: float) -> SafeString:
    used = sorted(set(levels))
    return format_html_join("", "{}", ((pattern(ident, level, scale=scale),) for level in used))


def fill(ident: str, level: Level) -> SafeString:
    """The attributes that paint a shape with its level."""
    if level not in TILES:
        return format_html('class="app-fond-{}"', css_name(level))
    return format_html('class="app-motif" fill="url(#{}-{})"', ident, css_name(level))


def swatch(ident: str, level: Level) -> SafeString:
    """The small rectangle beside the word of a legend; ``ident`` is unique in the page."""
    return format_html(
        '<svg viewBox="0 0 24 16" aria-hidden="true" focusable="false"><defs>{}</defs>'
        '<rect x=".5" y=".5" width="23" height="15" {}/></svg>',
        pattern(ident, level),
        fill(ident, level),
    )
