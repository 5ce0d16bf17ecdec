"""The words of a search, marked in what it found: without accents, by their beginnings."""

import re
import unicodedata

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from establishments.finding import stems

register = template.Library()


@register.filter
def marked(text: str, asked: str) -> SafeString:
    """« Hôpital Saint-Aubin » for « hopital aub », with both beginnings marked."""
    found = stems(asked).split()
    if not found:
        return SafeString(conditional_escape(text))
    beginnings = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    plain = "".join(_plain(letter) for letter in text)
    parts, last = [], 0
    for match in re.finditer(rf"(?<![a-z0-9])(?:{beginnings})", plain):
        parts += [("", text[last : match.start()], ""), _mark(text[match.start() : match.end()])]
        last = match.end()
    parts.append(("", text[last:], ""))
    return format_html_join("", "{}{}{}", parts)


def _mark(text: str) -> tuple[SafeString, str, SafeString]:
    return SafeString("<mark>"), text, SafeString("</mark>")


def _plain(letter: str) -> str:
    """One letter for each, so that the places in both texts are the same."""
    return unicodedata.normalize("NFKD", letter)[:1].lower()[:1] or " "
