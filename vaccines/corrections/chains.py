"""The deliveries of one vaccine to one recipient, one after the other: which recalls which."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from vaccines.models import SupplyLine
from vaccines.recalls import flow_refusal, recalled_by

Key = tuple[int, int]  # a recipient, a vaccine
NOBODY_LEFT: Final = (
    "La livraison du {day:%d/%m/%Y} à {recipient} commande {doses}\u00a0doses de rappel\u00a0: "
    "elle ne serait plus le rappel d’aucune livraison. Corrigez les deux lignes ensemble, ou "
    "faites d’abord mettre ses rappels à 0 par la PUI."
)


def key_of(line: SupplyLine) -> Key:
    """The wave is read with the line: ``select_related("wave__vaccine")``."""
    return line.recipient_id, line.wave.vaccine_id


def chains_of(lines: Iterable[SupplyLine]) -> dict[Key, list[SupplyLine]]:
    """Those that nobody took away, by recipient and vaccine, in the order of their deliveries."""
    standing = [one for one in lines if one.removed_at is None]
    ordered = sorted(standing, key=lambda one: (*key_of(one), one.wave.delivers_on, one.pk))
    return {key: list(chain) for key, chain in groupby(ordered, key=key_of)}


def recalled_in(chain: Sequence[SupplyLine]) -> dict[int, SupplyLine | None]:
    """The delivery that each line of a chain recalls, by number, even when another came between."""
    found = {}
    for line in chain:
        earlier = [one for one in chain if one.wave.delivers_on < line.wave.delivers_on]
        found[line.pk] = recalled_by(line, earlier)
    return found


def chain_refusal(line: SupplyLine, recalled: SupplyLine | None) -> str:
    """Why a line may not recall that delivery, or none; empty: it may."""
    if line.second_doses and recalled is None:
        return NOBODY_LEFT.format(
            day=line.wave.delivers_on, recipient=line.recipient, doses=line.second_doses
        )
    return flow_refusal(line.flow, recalled)


def refusals_in(
    chain: Sequence[SupplyLine], corrected: Mapping[int, SupplyLine]
) -> list[tuple[set[int], str]]:
    """What a correction would break in a chain: the lines it comes from, and why.

    ``corrected`` are the lines put right, by number; what they leave as it was is not judged.
    """
    found = []
    by_wave = sorted(chain, key=lambda one: (one.wave_id, one.pk))
    for _, several in groupby(by_wave, key=lambda one: one.wave_id):
        same = list(several)
        extra = [one.pk for one in same if one.pk in corrected]
        if len(same) > 1 and extra:
            blamed = set(extra if len(extra) < len(same) else extra[1:])
            found.append(
                (blamed, f"{same[0].recipient} a déjà une ligne dans la {_name(same[0])}.")
            )
    recalled = recalled_in(chain)
    for line in chain:
        now = recalled[line.pk]
        is_touched = line.pk in corrected or (now.pk if now else None) != line.recalled_id
        if is_touched and (reason := chain_refusal(line, now)):
            blamed = {line.pk, line.recalled_id, now.pk if now else None} & corrected.keys()
            found.append((blamed or set(corrected), reason))
    return found


def _name(line: SupplyLine) -> str:
    label = str(line.wave)
    return label[:1].lower() + label[1:] if label.startswith("Vague") else f"vague {label}"
