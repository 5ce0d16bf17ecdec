"""What may happen to a transfer, and which side does it. No database here.

Proposed by the platform or the agency; confirmed by the agency (ARS, or the national cell between
regions); accepted by both sides, in any order; shipped by the giver; received by the taker.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import models


class NeedState(models.TextChoices):
    OPEN = "open", "ouvert"
    COVERED = "covered", "couvert"
    CLOSED = "closed", "clos par l’ARS"
    CANCELLED = "cancelled", "annulé"


class Urgency(models.TextChoices):
    TODAY = "today", "vitale, aujourd’hui"
    SOON = "soon", "sous 48 heures"
    WEEK = "week", "dans la semaine"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


class TransferState(models.TextChoices):
    PROPOSED = "proposed", "proposé"
    CONFIRMED = "confirmed", "confirmé par l’ARS"
    ACCEPTED = "accepted", "accepté des deux côtés"
    SHIPPED = "shipped", "expédié"
    RECEIVED = "received", "reçu"
    REFUSED = "refused", "refusé"
    CANCELLED = "cancelled", "annulé"


LIVE = (
    TransferState.PROPOSED,
    TransferState.CONFIRMED,
    TransferState.ACCEPTED,
    TransferState.SHIPPED,
)
ENDED = (TransferState.RECEIVED, TransferState.REFUSED, TransferState.CANCELLED)
UNDER_WAY = (TransferState.CONFIRMED, TransferState.ACCEPTED, TransferState.SHIPPED)


class Side(models.TextChoices):
    """On whose behalf a step is taken."""

    AGENCY = "agency", "l’ARS"
    GIVER = "giver", "le donneur"
    TAKER = "taker", "le receveur"


class Step(models.TextChoices):
    CONFIRM = "confirm", "confirmer"
    ACCEPT = "accept", "accepter"
    SHIP = "ship", "expédier"
    RECEIVE = "receive", "recevoir"
    REFUSE = "refuse", "refuser"
    CANCEL = "cancel", "annuler"

    @property
    def done_to_it(self) -> str:
        """« le confirmer », « l’annuler »."""
        return f"l’{self.label}" if self.label[0] in "aeé" else f"le {self.label}"


class StepError(Exception):
    """The transfer stays as it is. The message is written for the person, in French."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, and by which sides."""

    states: tuple[TransferState, ...]
    sides: tuple[Side, ...]


BOTH = (Side.GIVER, Side.TAKER)
RULES = {
    Step.CONFIRM: Rule((TransferState.PROPOSED,), (Side.AGENCY,)),
    Step.ACCEPT: Rule((TransferState.CONFIRMED,), BOTH),
    Step.SHIP: Rule((TransferState.ACCEPTED,), (Side.GIVER,)),
    Step.RECEIVE: Rule((TransferState.SHIPPED,), (Side.TAKER,)),
    Step.REFUSE: Rule((TransferState.CONFIRMED, TransferState.ACCEPTED), BOTH),
    Step.CANCEL: Rule(LIVE, (Side.AGENCY,)),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a transfer is: its state and which sides have accepted."""

    state: TransferState
    accepted: frozenset[Side] = frozenset()


def open_steps(standing: Standing, sides: Collection[Side]) -> list[Step]:
    """The steps that somebody who acts for ``sides`` may take now, in the order of ``Step``."""
    return [step for step in Step if sides_for(standing, step, sides)]


def sides_for(standing: Standing, step: Step, sides: Collection[Side]) -> list[Side]:
    """For which of their sides the person may take this step; one accepts once for each."""
    rule = RULES[step]
    if standing.state not in rule.states:
        return []
    able = [side for side in rule.sides if side in sides]
    return [one for one in able if step is not Step.ACCEPT or one not in standing.accepted]


def after(standing: Standing, step: Step, side: Side) -> Standing:
    """Where the transfer is once ``side`` has taken ``step``. Raise ``StepError``."""
    if not sides_for(standing, step, [side]):
        raise StepError(refusal(standing, step, side))
    match step:
        case Step.ACCEPT:
            accepted = standing.accepted | {side}
            both = accepted.issuperset(BOTH)
            state = TransferState.ACCEPTED if both else standing.state
            return Standing(state, accepted)
        case Step.CONFIRM:
            return Standing(TransferState.CONFIRMED)
        case Step.SHIP:
            return Standing(TransferState.SHIPPED, standing.accepted)
        case Step.RECEIVE:
            return Standing(TransferState.RECEIVED, standing.accepted)
        case Step.REFUSE:
            return Standing(TransferState.REFUSED, standing.accepted)
    return Standing(TransferState.CANCELLED, standing.accepted)


def refusal(standing: Standing, step: Step, side: Side) -> str:
    """Why the step is not taken, and what the transfer is now."""
    if side not in RULES[step].sides:
        who = " ou ".join(one.label for one in RULES[step].sides)
        return f"Seul {who} peut {step.label} ce transfert."
    if step is Step.ACCEPT and side in standing.accepted:
        return "Ce transfert est déjà accepté de votre côté."
    return (
        f"Ce transfert est maintenant {standing.state.label}\u00a0: il n’est pas "
        f"possible de {step.done_to_it}."
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one transfer brings to its need: promised while it lives, then what was received."""

    state: TransferState
    quantity: int
    received: int | None = None


def brought(parts: Iterable[Part]) -> int:
    """Units promised or received; what was refused or cancelled brings nothing."""
    total = 0
    for one in parts:
        if one.state in LIVE:
            total += one.quantity
        elif one.state is TransferState.RECEIVED:
            total += one.received or 0
    return total


def remaining(needed: int, parts: Iterable[Part]) -> int:
    """Units still to find; never negative."""
    return max(0, needed - brought(parts))


def is_covered(needed: int, parts: Iterable[Part]) -> bool:
    """Everything asked has been received: nothing is left to find nor on its way."""
    parts = list(parts)
    received = sum(one.received or 0 for one in parts if one.state is TransferState.RECEIVED)
    return received >= needed and not any(one.state in LIVE for one in parts)
