"""The start page of Distrilog-Santé: what each role finds there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from common.addresses import fixed_address
from common.home import Card, Kind, by_urgency
from establishments.access import allows
from establishments.perimeter import Action
from orders.entries import groups_of
from orders.home import cards
from orders.start.reading import start_of


@allows(Action.ORD_QUOTA_READ, Action.ORD_READ, Action.IF_GET, Action.IF_META)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Who cannot order under the profile in use reads why, and what to do, at the same address."""
    user = request.user
    found = start_of(user, timezone.localdate())
    context = {
        "start": found,
        "reads_quotas": user.may(Action.ORD_QUOTA_READ),  # a warehouse only delivers them
        "groups": groups_of(user),
        "due": due_for(user),
    }
    template = "orders/start/refused.html" if found.refusals else "orders/start/page.html"
    return render(request, template, context)


def due_for(user: User) -> list[Card]:
    """What waits for this person in orders, as on the home page; the registration has its block."""
    address = fixed_address("orders:registration")
    kept = [one for one in cards(user) if one.kind is not Kind.DONE and one.url != address]
    return by_urgency(kept)
