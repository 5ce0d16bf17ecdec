"""The home page: what the service is for a visitor, what is due for a person."""

from collections import Counter

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.helpers import helpers_of
from common.home import Card, Kind
from common.weeks import current_week
from config import home as composition
from config.news import news_for
from establishments.access import public
from steering.figures.page import last_usage, public_figures

MOST_LOW = 5
MOST_DUE = 5  # beyond, the rest is folded: the page below is read too
TITLES = {"ars": "La région aujourd’hui", "national": "Le pays aujourd’hui"}


@public
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return render(request, "home_public.html", {"figures": public_figures(last_usage())})
    context = person_context(request.user) | {"news": news_for(request)}
    return render(request, "home.html", context)


def person_context(user) -> dict:
    """List what is due, most pressing first, and count it in one sentence."""
    cards = composition.cards(user)
    due = [card for card in cards if card.kind is not Kind.DONE]
    done = [card for card in cards if card.kind is Kind.DONE]
    situations = composition.situations(user)
    is_cut = len(due) > MOST_DUE + 1
    shown, later = (due[:MOST_DUE], due[MOST_DUE:]) if is_cut else (due, [])
    return {
        "title": home_title(user, cards),
        "week": current_week(),
        "now": timezone.localtime(),
        "due": shown,
        "later": later,
        "later_count": ", ".join(counted(later)),
        "done": done,
        "summary": summary(cards),
        "figures": composition.figures(user),
        "situations": situations,
        "asides": composition.asides(user),
        "low_stocks": composition.low_stocks(user)[:MOST_LOW],
        "low_stock_links": composition.stock_links(user),
        "helpers": helpers_of(user),
        "help_links": composition.help_links(user),
    }


def home_title(user, cards: list[Card]) -> str:
    """Say what the profile in use looks at; with none chosen, what is due says it (EPI-Stocks)."""
    profile = user.active_profile
    if profile is None:
        has_tasks = any(card.kind is not Kind.FIRST for card in cards)
        return "Votre semaine" if has_tasks else "Bienvenue"
    return TITLES.get(profile.body.kind, "Aujourd’hui") if profile.body else "Votre semaine"


def summary(cards: list[Card]) -> str:
    """« 2 tâches en retard, 3 à faire, 4 déjà faites. »; silent when there is nothing to count."""
    said = counted(cards)
    if not said:
        return ""
    first, _, words = said[0].partition(" ")
    tasks = f"{first} tâche{'s' if int(first) > 1 else ''} {words}"
    return ", ".join([tasks, *said[1:]]) + "."


def counted(cards: list[Card]) -> list[str]:
    """« 2 en retard », « 3 à faire »: how many of each kind, the most pressing first."""
    count = Counter(card.kind for card in cards)
    done = count[Kind.DONE]
    parts = [
        (count[Kind.LATE], "en retard"),
        (count[Kind.DECIDE], "à décider"),
        (count[Kind.TO_FINISH] + count[Kind.TO_DO], "à faire"),
        (count[Kind.TO_SEE], "à voir"),
        (done, "déjà faites" if done > 1 else "déjà faite"),
    ]
    return [f"{number} {words}" for number, words in parts if number]
