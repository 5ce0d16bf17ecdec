"""The search over the whole platform: what each app finds, gathered on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from common.installed import modules
from common.search import Group, Hit
from config import pages
from establishments.access import everyone
from establishments.finding import is_long_enough

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """``first``: the one thing whose whole number was typed."""

    first: Hit | None
    groups: Sequence[Group]

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups) + (self.first is not None)


def find(user: User, text: str) -> Found:
    """The groups in their order; what goes first is not told again below."""
    first = next(filter(None, (found(user, text) for found in _exact())), None)
    groups = [group for module in _modules() for group in module.find(user, text)]
    told = first.url if first else ""
    kept = [_without(group, told) for group in sorted(groups, key=lambda group: group.order)]
    return Found(first, [group for group in kept if group.hits])


def _without(group: Group, url: str) -> Group:
    hits = [hit for hit in group.hits if hit.url != url]
    return Group(group.label, hits, group.more_url, group.more_label, group.order)


@everyone
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    is_asked = is_long_enough(text)
    context = {
        "text": text,
        "is_too_short": bool(text) and not is_asked,
        "found": find(request.user, text) if is_asked else None,
    }
    return render(request, "search/search.html", context)


def _exact() -> list:
    return [module.exact for module in _modules() if hasattr(module, "exact")]


@cache
def _modules() -> tuple[ModuleType, ...]:
    """The ``search`` module of each of our apps that has one, and the pages."""
    return (*(one for one in modules("search") if hasattr(one, "find")), pages)
