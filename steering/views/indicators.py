"""The registry of indicators, which anybody may read: how each figure of the platform is made."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.indicators import Indicator, Shown, by_domain, every_indicator
from establishments.access import public
from steering.indicators.filters import IndicatorFilter

TITLE = "Indicateurs"


@public
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    form = IndicatorFilter(request.GET)
    every = list(every_indicator().values())
    found = form.narrowed(every)
    context = {
        "title": TITLE,
        "form": form,
        "parts": by_domain(found).items(),
        "count": len(found),
        "every": len(every),
    }
    return render(request, "steering/indicators/list.html", context)


@public
@require_safe
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    found = every_indicator().get(slug)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "above": [(TITLE, reverse("steering:indicators"))],
        "indicator": found,
        "example": found.example() if found.example else None,
        "thresholds": found.thresholds(),
        "places": places_of(found),
        "related": [every_indicator()[one] for one in found.related],
    }
    return render(request, "steering/indicators/detail.html", context)


def places_of(found: Indicator) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where it is read, by medium: the label and its address, if it has one."""
    ordered = sorted(found.shown, key=lambda one: list(type(one.medium)).index(one.medium))
    return [
        (str(medium.label), [(one.label, address_of(one)) for one in places])
        for medium, places in groupby(ordered, key=lambda one: one.medium)
    ]


def address_of(place: Shown) -> str:
    return reverse(place.route) if place.route else ""
