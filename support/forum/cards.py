"""What the forum Agora brings to the home page: answers to read; for support, what waits."""

from django.urls import reverse

from accounts.models import User
from common.addresses import fixed_address
from common.home import Card, Kind
from common.templatetags.presentation import plural
from establishments.perimeter import Action
from support.forum.moderating import PATIENCE, count_reported, count_waiting
from support.forum.reading import answers_to_read
from support.models import ForumTopic


def forum_cards(user: User) -> list[Card]:
    return [*_answers(user), *(_to_moderate() if user.may(Action.FORUM_MODERATE) else [])]


def _answers(user: User) -> list[Card]:
    """One card: the question itself when it is alone, else the latest named and the list."""
    found = list(answers_to_read(user).order_by("-last_post_at")[:2])
    if len(found) > 1:
        address = f"{fixed_address('support:forum')}?vue=mes-questions"
        title, latest = "Des réponses à vos questions", _quoted(found[0])
        detail = f"{latest}, et d’autres."
        return [Card(Kind.TO_SEE, title, detail, "", "Lire", address, 80)]
    return [_answer(one) for one in found]


def _quoted(topic: ForumTopic) -> str:
    return f"Agora\u00a0: «\u00a0{topic.title}\u00a0»"


def _answer(topic: ForumTopic) -> Card:
    return Card(
        kind=Kind.TO_SEE,
        title="Une réponse à votre question",
        detail=_quoted(topic),
        action_label="Lire",
        url=topic.get_absolute_url(),
        order=80,
    )


def _to_moderate() -> list[Card]:
    cards = []
    address = reverse("support:forum_moderation")
    if count := count_reported():
        mark = plural(count)
        cards.append(
            Card(
                kind=Kind.DECIDE,
                title=f"{count} message{mark} signalé{mark} dans Agora",
                detail="À masquer, ou à laisser affiché.",
                action_label="Relire",
                url=address,
                order=80,
            )
        )
    if count := count_waiting():
        mark = plural(count)
        cards.append(
            Card(
                kind=Kind.TO_SEE,
                title=f"{count} question{mark} sans réponse dans Agora",
                detail=f"Depuis plus de {PATIENCE.days} jours.",
                action_label="Répondre",
                url=f"{address}#attendent",
                order=81,
            )
        )
    return cards
