"""A little markup, and nothing that harms the reader."""

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from common.markup import LONGEST, TAGS, plain, render

HARMLESS = TAGS | {"h3", "h4", "h5", "h6"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://elsewhere.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//elsewhere.example/)",
    "[x](/\\elsewhere.example/)",
    "[x](/&#92;elsewhere.example/)",
    '[x](https://a.example/" onmouseover="alert(1))',
    "[x](https://a.example/ 'title\" onclick=alert(1)')",
    '[x](<https://a.example/" onclick=alert(1)>)',
    'https://a.example/"onmouseover=alert(1)//',
    "<a href=javascript:alert(1)>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "`</code><script>alert(1)</script>`",
    "```\n</code><script>alert(1)</script>\n```",
    "> <iframe src=https://a.example></iframe>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<!-- --><style>body{display:none}</style>",
    "\x00<script\x00>alert(1)</script\x00>",
]


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def _read(text: str) -> _Read:
    reader = _Read()
    reader.feed(render(text))
    return reader


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_brings_no_tag_no_behaviour_and_no_address_of_its_own(text):
    reader = _read(text)

    assert reader.tags <= HARMLESS
    assert {name for name, _ in reader.attributes} <= {"href", "rel"}
    for name, value in reader.attributes:
        if name == "href":
            assert re.match(r"https?://|mailto:|/(?![/\\]|%5c)", value or "", re.IGNORECASE)


def test_paragraphs_lines_lists_bold_and_quotes_are_read():
    written = render("Bonjour,\nune **question** :\n\n- un\n- deux\n\n1. trois\n\n> cité")

    assert written == (
        "<p>Bonjour,<br>\nune <strong>question</strong> :</p>\n"
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n<ol>\n<li>trois</li>\n</ol>\n"
        "<blockquote>\n<p>cité</p>\n</blockquote>\n"
    )


def test_headings_come_below_those_of_the_page():
    assert render("# Un\n\n## Deux\n\n###### Six") == "<h3>Un</h3>\n<h4>Deux</h4>\n<h6>Six</h6>\n"
    assert render("# Un", heading=2) == "<h2>Un</h2>\n"


def test_a_link_out_of_the_site_tells_nothing_of_where_it_was():
    assert render("[le site](https://a.example/b)") == (
        '<p><a href="https://a.example/b" rel="noopener noreferrer nofollow">le site</a></p>\n'
    )


def test_a_page_of_ours_and_a_mailbox_are_links_too():
    assert render("[la page](/aide/agora/)") == '<p><a href="/aide/agora/">la page</a></p>\n'
    assert "mailto:equipe@a.example" in render("[écrire](mailto:equipe@a.example)")


def test_an_address_typed_alone_is_a_link_a_name_of_file_is_not():
    assert 'href="https://a.example/page"' in render("voir https://a.example/page, merci")
    assert "<a" not in render("le fichier releve.md du site dispostock.fr")


def test_signs_of_the_language_stay_as_typed():
    assert render("T° < 8 & > 2 : 1 * 2 * 3, snake_case_name") == (
        "<p>T° &lt; 8 &amp; &gt; 2 : 1 * 2 * 3, snake_case_name</p>\n"
    )


def test_what_turns_the_direction_of_writing_is_left_out():
    assert "\u202e" not in render("https://a.example/\u202egro.live")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00"])
def test_an_empty_text_is_an_empty_text(text):
    assert "<script" not in render(text)
    assert plain(text).strip("\ufffd") == ""


def test_a_text_too_long_to_be_read_is_shown_as_it_is():
    written = render("**a** <b>" * LONGEST)

    assert "<strong>" not in written
    assert "**a** &lt;b&gt;" in written


def test_the_words_alone_are_given_without_their_markup():
    text = "# Titre\n\nUne **question** d’accès & [un lien](https://a.example/) :\n- un < deux"

    assert plain(text) == "Titre\nUne question d’accès & un lien :\nun < deux"


def test_two_texts_rendered_at_the_same_moment_do_not_mix():
    texts = [f"{'mot ' * n}https://a.example/{n} fin" for n in range(60)]

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(render, texts))

    assert written == [render(text) for text in texts]
