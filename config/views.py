"""The home page: what the service is for a visitor, what is due for a person."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.home import Card, Kind
from common.weeks import current_week
from config import home as composition
from establishments.access import public

TITLES = {"ars": "La région aujourd’hui", "national": "Le pays aujourd’hui"}


@public
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return render(request, "home_public.html")
    return render(request, "home.html", person_context(request.user))


def person_context(user) -> dict:
    """List what is due, most pressing first, and count it in one sentence."""
    cards = composition.cards(user)
    due = [card for card in cards if card.kind is not Kind.DONE]
    done = [card for card in cards if card.kind is Kind.DONE]
    return {
        "title": home_title(user.active_profile),
        "week": current_week(),
        "now": timezone.localtime(),
        "due": due,
        "done": done,
        "summary": summary(cards),
        "figures": composition.figures(user),
    }


def home_title(profile) -> str:
    if profile is None:
        return "Bienvenue"
    return TITLES.get(profile.body.kind, "Aujourd’hui") if profile.body else "Votre semaine"


def summary(cards: list[Card]) -> str:
    """« 2 tâches en retard, 3 à faire, 4 déjà faites. »; silent when there is nothing to count."""
    late = sum(card.kind is Kind.LATE for card in cards)
    decide = sum(card.kind is Kind.DECIDE for card in cards)
    done = sum(card.kind is Kind.DONE for card in cards)
    left = len(cards) - late - decide - done
    parts = [
        f"{late} en retard" if late else "",
        f"{decide} à décider" if decide else "",
        f"{left} à faire" if left else "",
        f"{done} déjà faite{'s' if done > 1 else ''}" if done else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said[0].upper()}{said[1:]}." if said else ""
