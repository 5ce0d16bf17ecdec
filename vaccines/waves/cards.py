"""What is due of the deliveries of vaccines, on the home page of SPF and of a pivot hospital."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from vaccines.models import SupplyLine, Wave
from vaccines.states import State
from vaccines.waves.board import in_state

ORDER = 23  # before what one's own pharmacy types
MOST_NAMED = 3
WANTED = Q(first_doses__gt=0) | Q(second_doses__gt=0)


def delivery_cards(user: User) -> list[Card]:
    """Needs that wait for a delivery; deliveries of days past that nobody says are shipped."""
    if not user.may(Action.VAC_DELIV):
        return []
    now, today = timezone.now(), timezone.localdate()
    rows = SupplyLine.objects.for_user(user, to=Action.VAC_DELIV)
    told = rows.filter(in_state(State.NEED_TOLD, now) & WANTED)
    late = rows.filter(in_state(State.AWAITED, now), shipped_on__isnull=True, expected_on__lt=today)
    return [
        *_cards(Kind.TO_DO, told, "à prévoir", State.NEED_TOLD, "Un besoin saisi attend sa date."),
        *_cards(Kind.LATE, late, "sans expédition", State.AWAITED, "Le jour prévu est passé."),
    ]


def _cards(kind: Kind, rows: QuerySet[SupplyLine], what: str, state: State, why: str) -> list[Card]:
    counts = rows.order_by().values_list("wave").annotate(count=Count("pk"))
    found = dict(counts)
    if not found:
        return []
    total = sum(found.values())
    s = "s" if total > 1 else ""
    waves = list(Wave.objects.filter(pk__in=found).order_by("delivers_on"))
    return [
        Card(
            kind=kind,
            title=f"Vaccins COVID\u00a0: {format_integer(total)} livraison{s} {what}",
            detail=f"{why} {_named(waves)}",
            action_label="Voir les lignes",
            url=f"{reverse('vaccines:wave', args=[waves[0].pk])}?etat={state.value}",
            order=ORDER,
        )
    ]


def _named(waves: Sequence[Wave]) -> str:
    names = ", ".join(one.label for one in waves[:MOST_NAMED])
    more = len(waves) - MOST_NAMED
    if more > 0:
        return f"Vagues\u00a0: {names} et {more} autre{'s' if more > 1 else ''}."
    return f"Vague{'s' if len(waves) > 1 else ''}\u00a0: {names}."
