"""What messages to roles and territories bring to the home page, and above every page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Aside, Banner, Card, Change, Kind
from common.kept import KeptByKey
from common.templatetags.presentation import short_day
from establishments.perimeter import Action
from steering.messages.following import region_followed, sites_told
from steering.messages.reading import Concern, in_force_for, received_by
from steering.messages.sentences import apply_sentence, days_sentence
from steering.messages.urgent import urgent_in_force
from steering.models import Message

ORDER = 5
ASIDE = "steering/messages/aside.html"
MOST_SHOWN, MOST_TASKS, MOST_DRAFTS, MOST_CHANGES = 3, 10, 3, 5
TOLD = KeptByKey[tuple[int, int]]()


def message_cards(user: User) -> list[Card]:
    return [*_to_do(user), *_drafts(user)]


def _to_do(user: User) -> Iterator[Card]:
    """Each message for action stays until it is taken into account; late past its day."""
    if user.active_profile is None:
        return
    today = timezone.localdate()
    rows = in_force_for(user).filter(nature=Message.Nature.ACTION, is_done=False)
    for one in rows[:MOST_TASKS]:
        is_late = one.due_on is not None and one.due_on < today
        yield Card(
            kind=Kind.LATE if is_late else Kind.TO_DO,
            title=one.title,
            detail=f"Message pour action, {one.sender}. {apply_sentence(one, today)}".strip(),
            due=f"Avant le {short_day(one.due_on)}" if one.due_on else "",
            action_label="Lire",
            url=reverse("steering:message", args=[one.pk]),
            order=ORDER,
        )


def _drafts(user: User) -> Iterator[Card]:
    if not user.may(Action.MSG_SEND):
        return
    rows = Message.objects.for_user(user, to=Action.MSG_SEND).filter(state=Message.State.DRAFT)
    for one in rows.select_related("written_by").order_by("-changed_at")[:MOST_DRAFTS]:
        yield Card(
            kind=Kind.TO_FINISH,
            title=f"Message à envoyer\u00a0: {one.title or one.reference}",
            detail=f"Brouillon de {one.written_by}, modifié le {short_day(one.changed_at)}.",
            action_label="Reprendre",
            url=reverse("steering:message_edit", args=[one.pk]),
            order=ORDER,
        )


def message_asides(user: User) -> list[Aside]:
    """The last messages in force, and the way to all of them."""
    may_write = user.may(Action.MSG_SEND)
    rows = list(in_force_for(user)[:MOST_SHOWN])
    total = received_by(user).count() if rows or user.active_profile else 0
    if not (total or may_write):
        return []
    concern = Concern(user.active_profile)
    region = region_followed(user) if may_write else None
    context = {
        "title": _title(rows),
        "rows": [_shown(one, concern, region) for one in rows],
        "total": total,
        "may_write": may_write,
    }
    return [Aside(ASIDE, context, ORDER)]


def _title(rows: list[Message]) -> str:
    if rows and all(one.is_national for one in rows):
        return "Messages du ministère"
    return "Messages du ministère et de l’ARS" if rows else "Messages"


def _shown(message: Message, concern: Concern, region: str | None) -> tuple[Message, str]:
    """What stands under the title: how far it has come, for an ARS; else whom it concerns."""
    if region and message.is_national:
        read, sites = TOLD.value((message.pk, region), lambda: sites_told(message, region))
        if sites:
            s = "s" if read > 1 else ""
            return message, f"Lu dans {read}\u00a0établissement{s} de la région sur {sites}."
    said: list[Any] = [concern.sentence(message), days_sentence(message)]
    return message, " ".join(filter(None, said))


def message_changes(user: User, since: datetime) -> list[Change]:
    """What was withdrawn since then: it leaves the page, and who acted on it must know."""
    if user.active_profile is None:
        return []
    rows = received_by(user).filter(withdrawn_at__gt=since).order_by("-withdrawn_at")
    return [
        Change(
            one.withdrawn_at,
            f"{one.sender} a retiré le message «\u00a0{one.title}\u00a0».",
            reverse("steering:message", args=[one.pk]),
            "Lire pourquoi",
        )
        for one in rows[:MOST_CHANGES]
    ]


def message_banners(user: User) -> list[Banner]:
    """What is urgent, until it is read; until it is taken into account when it is for action.

    Asked for every page: most days nothing is urgent for anybody, which is known without a look.
    """
    if user.active_profile is None or not urgent_in_force.value():
        return []
    waiting = [one for one in in_force_for(user).filter(is_urgent=True) if _waits(one)]
    return [
        Banner(
            f"{one.sender}\u00a0: {one.title}",
            "warning",
            reverse("steering:message", args=[one.pk]),
            "Lire le message",
            f"Message urgent\u00a0: {one.title}",
        )
        for one in waiting
    ]


def _waits(message: Any) -> bool:
    return not (message.is_done if message.is_for_action else message.is_read)
