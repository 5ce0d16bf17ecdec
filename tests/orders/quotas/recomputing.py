"""Compute a quota again from the page that explains it, as a reader with a pencil would."""

import re
from decimal import Decimal
from math import ceil, floor, prod

from django.template.loader import render_to_string

from common.numbers import parse_decimal

PART = re.compile(r'data-part="([a-z]+)">([^<]*)<')
SITE = re.compile(r"<li data-site>(.*?)</li>", re.DOTALL)


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
        served = floor(packs * whole["level"][0] / 100)
        packs = max(served, min(packs, int(whole.get("floor", [0])[0])))
    more = sum(whole.get("extra", [])) + sum(whole.get("kept", []))
    return packs * pack + more, granted


def page_of(explanation):
    return render_to_string("orders/quotas/explained.html", {"explanation": explanation})
