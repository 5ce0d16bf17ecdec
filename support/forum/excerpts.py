"""The part of a text where the words of a search are, marked."""

import re
from collections.abc import Collection

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from common.markup import plain
from establishments.models.search import plain_words

LENGTH, BEFORE = 220, 60  # signs
WORD = re.compile(r"\w+")


def excerpt(text: str, stems: Collection[str]) -> SafeString:
    """Around the first word met, or the beginning; every word met is in ``<mark>``."""
    words = " ".join(plain(text).split())
    first = next((one.start() for one in WORD.finditer(words) if _is_met(one[0], stems)), 0)
    start = words.rfind(" ", 0, max(0, first - BEFORE)) + 1 if first > BEFORE else 0
    end = start + LENGTH
    if end < len(words):
        end = words.rfind(" ", start, end) if " " in words[start + 1 : end] else end
    cut = marked(words[start:end], stems)
    return format_html("{}{}{}", "… " if start else "", cut, " …" if end < len(words) else "")


def marked(text: str, stems: Collection[str]) -> SafeString:
    """The same text, its words that were looked for in ``<mark>``."""
    parts, last = [], 0
    for one in WORD.finditer(text):
        if _is_met(one[0], stems):
            parts += [escape(text[last : one.start()]), format_html("<mark>{}</mark>", one[0])]
            last = one.end()
    return SafeString("".join([*parts, escape(text[last:])]))


def _is_met(word: str, stems: Collection[str]) -> bool:
    known = "".join(plain_words(word))
    return any(known.startswith(stem) for stem in stems)
