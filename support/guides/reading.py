"""A guide as a page shows it: its sections with their anchors, its screenshots with their sizes.

The texts are ours, read once by each process: `## Title {#anchor}` is a section,
`![What is seen](name)` alone on its line is the screenshot `static/img/guides/name.webp`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from common.french import spaced
from support.guides.catalogue import Guide

HERE = Path(__file__).parent
CONTENT = HERE / "content"
SIZES = HERE / "sizes.json"
IMAGES = "img/guides"
ANCHORED = re.compile(r"\s*\{#(?P<anchor>[a-z0-9-]+)\}$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a guide; ``text`` are its words, for the search."""

    anchor: str
    title: str
    html: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A guide read: what comes before its first section, then each."""

    guide: Guide
    introduction: SafeString
    sections: tuple[Section, ...]


@cache
def read(guide: Guide) -> Written:
    """Read the text of a guide."""
    parser = _parser()
    tokens = parser.parse(source_of(guide))
    _frame_images(tokens)
    parts = _parts(tokens)
    drawn = [_drawn(parser, part) for part in parts]
    introduction = drawn[0] if not _is_heading(parts[0]) else SafeString("")
    sections = [
        _section(part, html) for part, html in zip(parts, drawn, strict=True) if _is_heading(part)
    ]
    return Written(guide, introduction, tuple(sections))


def source_of(guide: Guide) -> str:
    """The text as written, with the spaces that do not break."""
    return spaced((CONTENT / f"{guide.slug}.md").read_text(encoding="utf-8"))


def _parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens cut before each heading of the second rank."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and parts[-1]:
            parts.append([])
        parts[-1].append(token)
    return parts


def _is_heading(part: Sequence[Token]) -> bool:
    return bool(part) and part[0].type == "heading_open" and part[0].tag == "h2"


def _drawn(parser: MarkdownIt, part: Sequence[Token]) -> SafeString:
    """The body of a part as HTML: its heading is drawn by the page."""
    body = part[3:] if _is_heading(part) else part
    return SafeString(parser.renderer.render(body, parser.options, {}))


def _section(part: Sequence[Token], html: SafeString) -> Section:
    title = part[1].content
    found = ANCHORED.search(title)
    if found is None:
        raise ValueError(f"Une section sans ancre\u00a0: {title}")
    words = re.sub(r"\s+", " ", strip_tags(html)).strip()
    return Section(found["anchor"], title[: found.start()], html, words)


def _frame_images(tokens: Sequence[Token]) -> None:
    """A screenshot is a figure, not a word of a paragraph."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.type == "inline" and [one.type for one in token.children or []] == ["image"]:
            before.hidden = after.hidden = True


@cache
def sizes() -> dict[str, list[int]]:
    """Width and height of each screenshot, written with them."""
    found: dict[str, list[int]] = json.loads(SIZES.read_text(encoding="utf-8"))
    return found


class _Figures(RendererHTML):
    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A screenshot with its size, its words, and a link to see it whole."""
        token = tokens[index]
        name = str(token.attrs["src"])
        width, height = sizes().get(name, [0, 0])
        context: dict[str, Any] = {
            "url": static(f"{IMAGES}/{name}.webp"),
            "alt": self.renderInlineAsText(token.children, options, env),
            "width": width,
            "height": height,
        }
        return render_to_string("support/guides/figure.html", context)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Figures)
