"""The little markup people may write: paragraphs, lists, bold, links, headings, quotes.

The text is kept as typed and rendered at each reading. HTML is never read, images do not exist,
and what comes out is cleaned a second time against a short list of tags.
"""

from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 20_000  # beyond, a text is shown without its markup: reading it would cost too much
UNDERSTOOD = (
    "list",
    "blockquote",
    "heading",
    "newline",
    "escape",
    "entity",
    "emphasis",
    "link",
    "backticks",
    "linkify",
)
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "blockquote", "a"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
OUTSIDE = ("https://", "http://")
# What turns the direction of writing, to show another address than the one followed.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def render(text: str, *, heading: int = 3) -> SafeString:
    """The text as safe HTML; its first rank of headings is `heading`, under the page's own."""
    text = text.translate(TURNING)
    if len(text) > LONGEST:
        return SafeString(linebreaks(text, autoescape=True))
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        _dress(token, heading)
    written = parser.renderer.render(tokens, parser.options, {})
    return SafeString(
        nh3.clean(
            written,
            tags=TAGS | HEADINGS,
            attributes={"a": {"href", "rel"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    )


def plain(text: str) -> str:
    """The words alone, for a mail, an excerpt or a search."""
    lines = unescape(strip_tags(render(text))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802, the library’s own name
        """An address of the web, a mailbox, or a page of ours; the rest stays as typed."""
        address = url.strip().lower()
        if address.startswith((*OUTSIDE, "mailto:")):
            return True
        return address.startswith("/") and not address.startswith(("//", "/\\", "/%5c"))


def _parser() -> MarkdownIt:
    """One for each text: the finder of bare addresses keeps its place in itself."""
    parser = _Parser("zero", {"html": False, "breaks": True, "linkify": True})
    parser.enable(UNDERSTOOD)
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False})
    return parser


def _dress(token: Token, heading: int) -> None:
    """Headings below those of the page; a link out of the site tells nothing of where it was."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, heading + int(token.tag[1]) - 1)}"
    for inner in token.children or []:
        if inner.type == "link_open":
            href = str(inner.attrs["href"])
            away = {"rel": "noopener noreferrer nofollow"} if href.startswith(OUTSIDE) else {}
            inner.attrs = {"href": href, **away}
