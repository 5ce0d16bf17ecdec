"""The situation of a territory, and its bulletin by mail."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Profile, User
from establishments.access import allows, as_shown, public
from establishments.perimeter import Action
from steering.models import Bulletin, DigestSubscription
from steering.services import digests
from steering.situation.anchors import anchors_of
from steering.situation.content import Grid
from steering.situation.links import links_for, measure_links_for, place_links
from steering.situation.moment import Moment, now
from steering.situation.places import maps_of, places_of, split
from steering.situation.reading import read_situation
from steering.situation.shown import (
    ShownGrid,
    blocks_of,
    grids_of,
    headline_figures,
    in_tension,
    shown_grid,
)
from steering.situation.territory import Territory, choices_for, reader_for, territory_for

READERS = (Action.DASH_EPI, Action.DASH_MED, Action.DASH_ORD)
TENSION = (("equipment", "items"), ("medicines", "substances"))
FOLDED = (("orders", "quotas"), ("vaccines", "flu"))


@allows(*READERS)
@require_safe
def situation(request: HttpRequest, code: str = "") -> HttpResponse:
    """One's own territory by default; the national cell enters a region."""
    asked = request.GET.get("territoire", "")
    territory = territory_for(request.user, code or asked)
    if asked and territory.has_bulletin:
        return redirect(territory.address())
    moment = now()
    context = drawn(request.user, territory, moment) | {
        "territory": territory,
        "choices": choices_for(request.user),
        "moment": moment,
        "bulletin": last_bulletin(territory),
        "subscribed": is_subscribed(request.user, territory),
    }
    return render(request, "steering/situation/page.html", context)


def drawn(user: User, territory: Territory, moment: Moment) -> dict[str, Any]:
    """Everything of the page that comes from the figures."""
    reader = reader_for(user, territory)
    content = read_situation(reader, territory, moment)
    urls, links = place_links(reader, territory), links_for(user, territory)
    found = places_of(content)
    is_told = found is not None and len(found.rows) > 1  # of one place, the key figures say it all
    first, others = split(found) if found and is_told else (None, None)
    tension = [tension_of(grid) for _, grid in grids_of(content, *TENSION)]
    blocks = blocks_of(content, links, measure_links_for(user, territory))
    return {
        "anchors": anchors_of(first, blocks, has_tension=bool(tension)),
        "figures": headline_figures(content, links),
        "places": shown_grid(first, urls) if first else None,
        "others": shown_grid(others, urls) if others else None,
        "maps": maps_of(content, urls, is_country=territory.is_country),
        "tension": tension,
        "folded": [(part, shown_grid(grid)) for part, grid in grids_of(content, *FOLDED)],
        "blocks": blocks,
    }


def tension_of(grid: Grid) -> tuple[ShownGrid, ShownGrid | None]:
    tense, others = in_tension(grid)
    return shown_grid(tense), shown_grid(others) if others else None


def last_bulletin(territory: Territory) -> Bulletin | None:
    if not territory.has_bulletin:
        return None
    return Bulletin.objects.of(territory.region).defer("content").latest().first()


def is_subscribed(user: User, territory: Territory) -> bool | None:
    """None where there is nothing to subscribe to."""
    profile = user.active_profile
    if profile is None or not territory.has_bulletin:
        return None
    return DigestSubscription.objects.filter(profile=profile, region=territory.region).exists()


@allows(*READERS)
@as_shown
@require_POST
def digest(request: HttpRequest, code: str) -> HttpResponse:
    """Subscribe or unsubscribe, under the profile in use."""
    territory = territory_for(request.user, code)
    profile: Profile | None = request.user.active_profile
    if profile is None:
        raise Http404
    if request.POST.get("recevoir") == "oui":
        digests.subscribe(profile, territory.region, by=request.user)
        messages.success(
            request,
            f"Le bulletin ({territory.name}) vous sera envoyé chaque lundi à "
            f"{profile.mail_address}.",
        )
    else:
        digests.unsubscribe(profile, territory.region, by=request.user)
        messages.success(request, "Vous ne recevrez plus ce bulletin par courriel.")
    return redirect(territory.address())


@public
@require_http_methods(["GET", "HEAD", "POST"])
def digest_leave(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail, without logging in: opening the link changes nothing, the button does."""
    found = digests.subscription_of(token)
    if found and request.method == "POST":
        digests.unsubscribe(found.profile, found.region, by=None)
    context = {"subscription": found, "is_done": request.method == "POST"}
    return render(request, "steering/situation/leave.html", context)
