"""Which delivery a line recalls, and what its need may say [000].

The doses for second injections are never proposed: the pharmacy types the number of people who had
their first one. A difference between the two warns, and a comment always suffices.
"""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from establishments.models import Establishment
from pui.models import Pui
from vaccines.models import SupplyLine, Vaccine, Wave

NEW: Final = sys.maxsize
READ: Final = (
    "wave",
    "recipient",
    "flow",
    "pivot",
    "recalled",
    "first_doses",
    "second_doses",
    "vaccinated",
)
KEEPS_ITS_FLOW: Final = (
    "Une première injection commencée dans le flux B garde le flux B pour la seconde\u00a0: "
    "la ligne du {date:%d/%m/%Y} vient de {pivot}."
)


def recalled_among(
    earlier: Collection[SupplyLine], day: date, interval: int | None
) -> SupplyLine | None:
    """The delivery whose people come back that day; None: this is a first delivery.

    Deliveries that come every week are recalled once the interval between two injections has
    gone by, not by the next one: the age nearest that interval is chosen, among those whose
    recalls nobody ordered yet. Without an interval it is the last one. ``earlier`` are the
    standing deliveries before ``day`` of one vaccine to one recipient, waves read with them; one
    that is not written yet is the last of its day.
    """
    ordered = {one.recalled_id for one in earlier if one.second_doses}

    def rank(one: SupplyLine) -> tuple[bool, int, int, int]:
        age = (day - one.wave.delivers_on).days
        return one.pk in ordered, abs(age - (interval or 0)), -age, -(one.pk or NEW)

    return min(earlier, key=rank, default=None)


def recalled_by(line: SupplyLine, earlier: Collection[SupplyLine]) -> SupplyLine | None:
    """Recalls already ordered are for the people of one delivery: they keep it while it stands."""
    kept = (one for one in earlier if line.second_doses and one.pk == line.recalled_id)
    wave = line.wave
    return next(kept, None) or recalled_among(earlier, wave.delivers_on, wave.vaccine.interval_days)


def deliveries_to(
    recipients: Collection[Establishment], vaccine: Vaccine
) -> dict[int, list[SupplyLine]]:
    """The standing deliveries of a vaccine, by recipient, read with their waves and pivots.

    A wave has thousands of recipients with several deliveries each: one object for each wave and
    each pivot hospital, and of a line what the rules read.
    """
    waves = Wave.objects.filter(vaccine=vaccine).in_bulk()
    for wave in waves.values():
        wave.vaccine = vaccine
    rows = SupplyLine.objects.standing().filter(recipient__in=recipients, wave__in=waves)
    lines = list(rows.only(*READ).order_by("pk"))
    pivots = Pui.objects.in_bulk({one.pivot_id for one in lines if one.pivot_id})
    for one in lines:
        one.wave, one.pivot = waves[one.wave_id], pivots.get(one.pivot_id)
    chains = defaultdict(list)
    for one in sorted(lines, key=lambda line: (line.wave.delivers_on, line.pk)):
        chains[one.recipient_id].append(one)
    return chains


def before(chain: Iterable[SupplyLine], day: date) -> list[SupplyLine]:
    return [one for one in chain if one.wave.delivers_on < day]


def is_too_early(recalled: SupplyLine, day: date) -> bool:
    """Whether its people may not come back yet: the interval has not gone by."""
    interval = recalled.wave.vaccine.interval_days
    return interval is not None and (day - recalled.wave.delivers_on).days < interval


def recalling(line: SupplyLine, chain: Collection[SupplyLine]) -> list[SupplyLine]:
    """Those of a chain that would recall this new line, were it there: it may come before them."""
    day = line.wave.delivers_on
    later = [one for one in chain if one.wave.delivers_on > day]
    found = [(one, recalled_by(one, [*before(chain, one.wave.delivers_on), line])) for one in later]
    return [one for one, recalled in found if recalled is line]


def flow_refusal(flow: str, recalled: SupplyLine | None) -> str:
    """Why a line may not take this flow; empty: it may."""
    if recalled is None or recalled.flow == flow or recalled.flow == SupplyLine.Flow.A:
        return ""
    return KEEPS_ITS_FLOW.format(date=recalled.wave.delivers_on, pivot=recalled.pivot)


@dataclass(frozen=True, slots=True)
class Need:
    """Doses; None: not typed, which is not 0."""

    first: int | None
    second: int | None
    comment: str = ""


def refusals_of(need: Need, recalled: SupplyLine | None, day: date) -> list[str]:
    """What forbids to save it; ``day`` is that of the delivery."""
    found = []
    if recalled is None and need.second:
        found.append(
            "C’est une première livraison\u00a0: les doses pour les 2es injections sont à 0."
        )
    if gap_of(need, recalled, day) and not need.comment.strip():
        found.append(
            "Les rappels ne sont pas le nombre de personnes vaccinées\u00a0: dites pourquoi en "
            "commentaire."
        )
    return found


def gap_of(need: Need, recalled: SupplyLine | None, day: date) -> int:
    """Recalls ordered beyond the people vaccinated with the delivery recalled; 0: none, unknown.

    No recall before the interval has gone by is no gap: nobody can come back yet.
    """
    if recalled is None or need.second is None or recalled.vaccinated is None:
        return 0
    if need.second == 0 and is_too_early(recalled, day):
        return 0
    return need.second - recalled.vaccinated
