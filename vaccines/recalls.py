"""Which delivery a line recalls, and what its need may say [000].

The doses for second injections are never proposed: the pharmacy types the number of people who had
their first one. A difference between the two warns, and a comment always suffices.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from establishments.models import Establishment
from vaccines.models import SupplyLine, Vaccine

KEEPS_ITS_FLOW: Final = (
    "Une première injection commencée dans le flux B garde le flux B pour la seconde\u00a0: "
    "la ligne du {date:%d/%m/%Y} vient de {pivot}."
)

WOULD_BREAK_ITS_FLOW: Final = (
    "Une première injection commencée dans le flux B garde le flux B pour la seconde\u00a0: "
    "la ligne du {date:%d/%m/%Y}, qui en serait le rappel, est du flux A."
)


def delivery_recalled(
    recipient: Establishment, vaccine: Vaccine, before: date
) -> SupplyLine | None:
    """The last delivery of this vaccine to this recipient before a day; None: this is the first."""
    earlier = SupplyLine.objects.standing().filter(
        recipient=recipient, wave__vaccine=vaccine, wave__delivers_on__lt=before
    )
    found = earlier.select_related("wave", "pivot").order_by("-wave__delivers_on", "-pk")
    line: SupplyLine | None = found.first()
    return line


def deliveries_recalled(
    recipients: Collection[Establishment], vaccine: Vaccine, before: date
) -> dict[int, SupplyLine]:
    """What ``delivery_recalled`` says of each, by recipient, in one statement."""
    earlier = SupplyLine.objects.standing().filter(
        recipient__in=recipients, wave__vaccine=vaccine, wave__delivers_on__lt=before
    )
    last = earlier.order_by("recipient_id", "-wave__delivers_on", "-pk").distinct("recipient_id")
    return {one.recipient_id: one for one in last.select_related("wave", "pivot")}


def deliveries_following(
    recipients: Collection[Establishment], vaccine: Vaccine, after: date
) -> dict[int, SupplyLine]:
    """The next delivery of each, by recipient: it would recall one that comes in front of it.

    Recalls already ordered keep the delivery that they are for.
    """
    later = SupplyLine.objects.standing().filter(
        recipient__in=recipients, wave__vaccine=vaccine, wave__delivers_on__gt=after
    )
    ordered = later.order_by("recipient_id", "wave__delivers_on", "pk").distinct("recipient_id")
    rows = ordered.select_related("wave")
    return {one.recipient_id: one for one in rows if not (one.recalled_id and one.second_doses)}


def flow_refusal(flow: str, recalled: SupplyLine | None) -> str:
    """Why a line may not take this flow; empty: it may."""
    if recalled is None or recalled.flow == flow or recalled.flow == SupplyLine.Flow.A:
        return ""
    return KEEPS_ITS_FLOW.format(date=recalled.wave.delivers_on, pivot=recalled.pivot)


def following_refusal(flow: str, following: SupplyLine | None) -> str:
    """Why a line of this flow may not come before another; empty: it may."""
    if following is None or flow == SupplyLine.Flow.A or following.flow == flow:
        return ""
    return WOULD_BREAK_ITS_FLOW.format(date=following.wave.delivers_on)


@dataclass(frozen=True, slots=True)
class Need:
    """Doses; None: not typed, which is not 0."""

    first: int | None
    second: int | None
    comment: str = ""


def refusals_of(need: Need, recalled: SupplyLine | None) -> list[str]:
    """What forbids to save it."""
    found = []
    if recalled is None and need.second:
        found.append(
            "C’est une première livraison\u00a0: les doses pour les 2es injections sont à 0."
        )
    if gap_of(need, recalled) and not need.comment.strip():
        found.append(
            "Les rappels ne sont pas le nombre de personnes vaccinées\u00a0: dites pourquoi en "
            "commentaire."
        )
    return found


def gap_of(need: Need, recalled: SupplyLine | None) -> int:
    """Recalls ordered beyond the people vaccinated with the delivery recalled; 0: none, unknown."""
    if recalled is None or need.second is None or recalled.vaccinated is None:
        return 0
    return need.second - recalled.vaccinated
