"""The home of e-Dispostock: what is due, what is missing, what was sent last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.agencies import agencies_without_mailbox
from common.home import Kind, by_urgency
from establishments.access import allows
from establishments.perimeter import Action
from medications.menu import EVERY_ACTION
from pui import home as brought
from pui.models import Pui, Transmission
from pui.overview import links, register_figures
from pui.views.register import is_of_sites
from pui.without import entity_without_site, lacks_declarant, sites_without

LAST_SENT = 8


@allows(*EVERY_ACTION)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For those who declare, their pharmacies; for those who follow, their territory."""
    user = request.user
    cards = by_urgency(brought.cards(user))
    context = {
        "due": [card for card in cards if card.kind is not Kind.DONE],
        "done": [card for card in cards if card.kind is Kind.DONE],
        "figures": [*brought.figures(user), *register_figures(user)],
        "links": links(user),
        "is_on_sites": is_of_sites(request),
        "may_write": user.may(Action.PUI_WRITE),
    }
    if user.perimeter_to(Action.DASH_MED).is_national:
        context["silent"] = agencies_without_mailbox()
    if context["is_on_sites"]:
        context |= own_pharmacies(request)
    return render(request, "dispostock/home.html", context)


def own_pharmacies(request: HttpRequest) -> dict:
    """The pharmacies of one's sites, their last transmissions, the sites that have none."""
    user = request.user
    reached = Pui.objects.for_user(user, to=Action.PUI_READ).filter(closed_on=None)
    sent = Transmission.objects.for_user(user, to=Action.MED_READ).filter(
        state__in=Transmission.STORED
    )
    puis, without = list(reached.select_related("establishment")), sites_without(user)
    is_served = bool(without) and all(site.served_by for site in without)
    return {
        "puis": puis,
        "sent": sent.select_related("pui", "monitored_list", "received_by")
        .defer("content")
        .order_by("-confirmed_at", "-pk")[:LAST_SENT],
        "without": without,
        "entity_without_site": entity_without_site(user),
        "lacks_declarant": bool(puis or not is_served) and lacks_declarant(user),
    }
