"""The HTML part of a mail, drawn from its text: no table, no image, nothing fetched from afar.

A blank line parts paragraphs, « - » begins an item, « Libellé : adresse » alone on its line is a
link, and a short run of capitals and figures alone on its line is a code to copy. All the rest
is shown as it is: what a person typed never becomes markup, and only our own addresses are links.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

LINK = re.compile(r"^(?P<label>[^\n]+?)\s?:\s+(?P<url>https?://\S+)$")
URL = re.compile(r"(https?://[^\s<>«»]*[^\s<>«».,;:!?)])")
CODE = re.compile(r"^(?=\S*\d|[A-Z-]+$)[A-Z0-9-]{4,12}$")
ITEM = "- "
STYLE = mark_safe(
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:1.5rem 1rem;font:1rem/1.5 Arial,Helvetica,sans-serif}"
    "main{max-width:36rem;margin:0 auto}"
    "h1{font-size:1.25rem;line-height:1.4;margin:0 0 1rem}"
    "p,ul{margin:0 0 1rem}"
    "li{margin:0 0 .5rem}"
    "a{overflow-wrap:anywhere}"
    ".code{font-size:1.5rem;letter-spacing:.1em}"
    "footer{max-width:36rem;margin:1.5rem auto 0;padding-top:1rem;border-top:1px solid;"
    "font-size:.875rem}"
)
PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>{}</style>
</head>
<body>
<main>
<h1>{}</h1>
{}
</main>
<footer>
{}
</footer>
</body>
</html>
"""


def html_of(title: str, text: str, signature: str) -> SafeString:
    """The whole page: a title, what is said, who says it."""
    return format_html(PAGE, title, STYLE, title, _blocks(text), _blocks(signature))


def _blocks(text: str) -> SafeString:
    parts = [part for paragraph in text.strip().split("\n\n") for part in _parts(paragraph)]
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _parts(paragraph: str) -> Iterator[SafeString]:
    """Items that follow each other make a list, other lines a paragraph."""
    lines = [line for line in paragraph.split("\n") if line]
    for is_list, group in groupby(lines, key=lambda line: line.startswith(ITEM)):
        if is_list:
            items = ((_words(line.removeprefix(ITEM)),) for line in group)
            yield format_html("<ul>\n{}\n</ul>", format_html_join("\n", "<li>{}</li>", items))
        else:
            yield _paragraph(list(group))


def _paragraph(lines: list[str]) -> SafeString:
    if len(lines) == 1 and CODE.match(lines[0]):
        return format_html('<p class="code"><strong>{}</strong></p>', lines[0])
    return format_html(
        "<p>{}</p>", format_html_join(_BREAK, "{}", ((_line(one),) for one in lines))
    )


_BREAK = mark_safe("<br>\n")


def _line(line: str) -> SafeString:
    if (found := LINK.match(line)) and _is_ours(found["url"]):
        return format_html('<a href="{}">{}</a>', found["url"], found["label"])
    return _words(line)


def _words(line: str) -> SafeString:
    """The addresses inside a line become links, which read as they are written."""
    return format_html_join("", "{}", ((_word(part),) for part in URL.split(line)))


def _word(part: str) -> str:
    return format_html('<a href="{}">{}</a>', part, part) if _is_ours(part) else part


def _is_ours(address: str) -> bool:
    return address.startswith(f"{settings.SITE_URL}/") or address == settings.SITE_URL
