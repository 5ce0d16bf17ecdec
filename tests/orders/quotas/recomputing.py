"""Compute a quota again from the page that explains it, as a reader with a pencil would.

Twice: from the numbers that the page marks, and from nothing but its visible text.
"""

import re
from decimal import Decimal
from html import unescape
from math import ceil, floor, prod

from django.template.loader import render_to_string

from common.numbers import parse_decimal

PART = re.compile(r'data-part="([a-z]+)">([^<]*)<')
SITE = re.compile(r"<li data-site>(.*?)</li>", re.DOTALL)
HIDDEN = re.compile(r'<span class="fr-sr-only">.*?</span>', re.DOTALL)
END_OF_LINE = re.compile(r"</(?:li|dd|dt|p|summary)>")
TAG = re.compile(r"<[^>]*>")
HALF = Decimal("0.5")  # to the nearest pack
NUMBER = r"[0-9][0-9 ]*(?:,[0-9]+)?"
SITE_LINE = re.compile(
    rf" : ({NUMBER}) (?:lit|place|professionnel)s?,.* × ({NUMBER}) par \w+ = ({NUMBER})\."
)
NEED = re.compile(rf"^Besoin : (.*?)(?: = ({NUMBER}))? par semaine\.$")
PACK = re.compile(rf"^En colis de ({NUMBER}), arrondi au-dessus")
LEVEL = re.compile(rf"la même part du sien, ({NUMBER}) %")
FLOOR = re.compile(rf"et au moins ({NUMBER}) colis")
MORE = re.compile(rf"^Plus ({NUMBER})")
GRANTED = re.compile(rf"^Contingent de la semaine : ({NUMBER})\.$")


def parts_of(html):
    """The displayed values, by what they are."""
    found = {}
    for name, text in PART.findall(html):
        text = text.replace("\u00a0%", "").replace("&nbsp;%", "")
        found.setdefault(name, []).append(parse_decimal(text, places=8))
    return found


def recomputed(html):
    """What the displayed inputs alone give, and what the page says."""
    need = Decimal(0)
    for site in SITE.findall(html):
        numbers = parts_of(site)
        if numbers:
            (capacity,), (ratio,) = numbers["capacity"], numbers["ratio"]
            need += capacity * ratio
    whole = parts_of(html)
    (pack,), (granted,) = whole["pack"], whole["granted"]
    packs = ceil(need * prod(whole.get("factor", [])) / pack)
    if "level" in whole:
        served = floor(packs * whole["level"][0] / 100 + HALF)
        packs = max(served, min(packs, int(whole.get("floor", [0])[0])))
    more = sum(whole.get("extra", [])) + sum(whole.get("kept", []))
    return packs * pack + more, granted


def recomputed_by_reading(html):
    """The same, from the visible text alone, with each intermediate result that it tells."""
    lines = visible_lines(html)
    need = Decimal(0)
    for found in filter(None, map(SITE_LINE.search, lines)):
        capacity, ratio, units = map(_number, found.groups())
        assert capacity * ratio == units
        need += units
    told = _only(NEED, lines)
    first, *factors = map(_number, told[1].split(" × "))
    assert first == need
    need *= prod(factors)
    assert told[2] is None or _number(told[2]) == need
    pack = _number(_only(PACK, lines)[1])
    packs = ceil(need / pack)
    level, least = _first(LEVEL, lines), _first(FLOOR, lines)
    if level is not None:
        packs = max(floor(packs * level / 100 + HALF), min(packs, least or 0))
    more = sum(_number(found[1]) for found in filter(None, map(MORE.search, lines)))
    return packs * pack + more, _number(_only(GRANTED, lines)[1])


def visible_lines(html):
    text = TAG.sub("", END_OF_LINE.sub("\n", HIDDEN.sub("", html)))
    text = re.sub(r"[\u00a0\u202f]", " ", unescape(text))
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _number(text):
    return parse_decimal(text, places=8)


def _only(pattern, lines):
    (found,) = filter(None, map(pattern.search, lines))
    return found


def _first(pattern, lines):
    found = next(filter(None, map(pattern.search, lines)), None)
    return _number(found[1]) if found else None


def page_of(explanation):
    return render_to_string("orders/quotas/explained.html", {"explanation": explanation})
