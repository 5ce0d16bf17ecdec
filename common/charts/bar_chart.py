"""Bars by category, as a list: names and figures stay text of the page, only the bars are drawn."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.patterns import fill, pattern
from common.charts.values import LEVEL_WORDS, Bar


def bar_chart(
    ident: str, title: str, bars: Sequence[Bar], *, full: float | None = None
) -> SafeString:
    """One bar for each category, the longest on the whole width; ``ident`` is unique in the page.

    ``full``: the value that takes the whole width, 100 for parts. The order is the caller's.
    """
    highest = full or max((bar.value for bar in bars if bar.value is not None), default=0.0) or 1.0
    return format_html(
        '<ul class="app-barres" id="{}" aria-label="{}">{}</ul>',
        ident,
        title,
        format_html_join(
            "",
            '<li><span class="app-barres__nom">{}</span>'
            '<span class="app-barres__dessin">{}</span>'
            '<span class="app-barres__valeur"><strong>{}</strong> {}</span></li>',
            (
                (_name(bar), _drawing(f"{ident}-{rank}", bar, highest), bar.text, _word(bar))
                for rank, bar in enumerate(bars)
            ),
        ),
    )


def _name(bar: Bar) -> SafeString:
    is_short = bar.whole_name not in ("", bar.label)
    hover = format_html(' title="{}"', bar.whole_name) if is_short else ""
    if bar.href is None:
        return format_html("<span{}>{}</span>", hover, bar.label)
    return format_html('<a href="{}"{}>{}</a>', bar.href, hover, bar.label)


def _word(bar: Bar) -> str:
    return bar.own_word or LEVEL_WORDS[bar.level]


def _drawing(ident: str, bar: Bar, highest: float) -> SafeString:
    share = 100 * (bar.value or 0.0) / highest
    return format_html(
        '<svg class="app-barre" aria-hidden="true" focusable="false"><defs>{}</defs>'
        '<rect width="{}%" height="100%" {}/></svg>',
        pattern(ident, bar.level),
        f"{share:.1f}",
        fill(ident, bar.level),
    )
