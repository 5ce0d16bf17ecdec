"""What a correction would do, read before it is done: its preview and its service ask the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet, Sum

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui
from pui.services.register import serving_pui
from vaccines.corrections.chains import chains_of, key_of, recalled_in, refusals_in
from vaccines.models import Reception, SupplyLine
from vaccines.recalls import Need, gap_of

MOST_AT_ONCE: Final = 200  # lines corrected together
WITH: Final = (
    "wave__vaccine",
    "recipient",
    "pui__establishment",
    "pivot",
    "recalled__wave",
    "recalled__recipient",
)
NO_PHARMACY: Final = "Aucune PUI ne dessert {}\u00a0: choisissez celle qui recevra les doses."


class CorrectionError(Exception):
    """Nothing was written. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where lines go; what is None stays. Without a pharmacy, that which serves the recipient."""

    recipient: Establishment | None = None
    pui: Pui | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A line before and after."""

    before: SupplyLine
    after: SupplyLine


@dataclass(frozen=True, slots=True)
class Planned:
    """``relinked`` recall another delivery once ``done`` is; ``refused`` says why, by number."""

    done: list[Pair] = field(default_factory=list)
    relinked: list[Pair] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> str:
        return " ".join(dict.fromkeys(self.refused.values()))


Refusal = Callable[[SupplyLine, SupplyLine, int], str]  # before, after, doses received


def reached_lines(by: User, numbers: Iterable[int]) -> QuerySet[SupplyLine]:
    """Those that a person may put right: the pharmacy is of their region."""
    rows = SupplyLine.objects.for_user(by, to=Action.VAC_LINE).filter(pk__in=list(numbers))
    found: QuerySet[SupplyLine] = rows.select_related(*WITH)
    return found


def pharmacy_for(recipient: Establishment, day: date) -> Pui | None:
    """Its own when it has one alone, else the one that serves it."""
    own = list(Pui.objects.open_on(day).filter(establishment=recipient)[:2])
    if own:
        return own[0] if len(own) == 1 else None
    return serving_pui(recipient, day)


def settled(by: User, target: Target, day: date) -> Target:
    """The target with its pharmacy; raise ``CorrectionError`` where the person may not send."""
    pui = target.pui
    if target.recipient and pui is None:
        pui = pharmacy_for(target.recipient, day)
        if pui is None:
            raise CorrectionError(NO_PHARMACY.format(target.recipient))
    if pui is None:
        raise CorrectionError("Dites où déplacer\u00a0: un destinataire, une PUI, ou les deux.")
    require_reach(by, target.recipient, pui)
    return Target(target.recipient, pui)


def require_reach(by: User, recipient: Establishment | None, pui: Pui) -> None:
    """Both ends are in one's region, and open."""
    held = by.perimeter_to(Action.VAC_LINE)
    if not Pui.objects.within(held).filter(pk=pui.pk).exists():
        raise CorrectionError(f"{pui} n’est pas de votre région\u00a0: demandez à la sienne.")
    if not pui.is_open:
        raise CorrectionError(f"{pui} est fermée\u00a0: choisissez-en une autre.")
    if recipient is None:
        return
    reached = Establishment.objects.filter(held.as_q(), pk=recipient.pk)
    if not reached.exists():
        raise CorrectionError(f"{recipient} n’est pas de votre région\u00a0: demandez à la sienne.")
    if not recipient.is_open:
        raise CorrectionError(f"{recipient} est fermé dans FINESS\u00a0: choisissez-en un autre.")


def planned_move(lines: Sequence[SupplyLine], target: Target) -> Planned:
    """``target`` is settled."""

    def moved(line: SupplyLine) -> SupplyLine:
        after = copy(line)
        after.recipient = target.recipient or line.recipient
        after.pui = target.pui or line.pui
        return after

    return _planned(lines, moved, _move_refusal)


def planned_removal(
    lines: Sequence[SupplyLine], removal: str, reason: str, now: datetime, by: User | None = None
) -> Planned:
    def removed(line: SupplyLine) -> SupplyLine:
        after = copy(line)
        after.removed_at, after.removed_by = now, by
        after.removal, after.removal_reason = removal, reason
        return after

    return _planned(lines, removed, _removal_refusal)


def planned_return(lines: Sequence[SupplyLine]) -> Planned:
    def restored(line: SupplyLine) -> SupplyLine:
        after = copy(line)
        after.removed_at = after.removed_by = None
        after.removal = after.removal_reason = ""
        return after

    return _planned(lines, restored, _return_refusal)


def _planned(
    lines: Sequence[SupplyLine], corrected: Callable[[SupplyLine], SupplyLine], refusal: Refusal
) -> Planned:
    """Those refused for themselves, then those whose place is refused by the lines around."""
    pairs = {one.pk: Pair(one, corrected(one)) for one in lines}
    received = doses_received(pairs)
    refused = {
        pk: reason
        for pk, pair in pairs.items()
        if (reason := refusal(pair.before, pair.after, received.get(pk, 0)))
    }
    keys = {key_of(one) for pair in pairs.values() for one in (pair.before, pair.after)}
    return weighed(pairs, around(keys), refused)


def around(keys: Iterable[tuple[int, int]]) -> list[SupplyLine]:
    """The standing lines of these recipients, in one statement."""
    wanted = set(keys)
    rows = SupplyLine.objects.standing().filter(
        recipient__in={recipient for recipient, _ in wanted}
    )
    return [one for one in rows.select_related(*WITH).order_by("pk") if key_of(one) in wanted]


def weighed(
    pairs: Mapping[int, Pair], standing: Sequence[SupplyLine], refused: Mapping[int, str]
) -> Planned:
    """Leave out what breaks the deliveries around, until nothing does."""
    refused = dict(refused)
    while True:
        kept = {pk: pair.after for pk, pair in pairs.items() if pk not in refused}
        others = [one for one in standing if one.pk not in kept]
        chains = chains_of([*others, *kept.values()])
        found = [one for chain in chains.values() for one in refusals_in(chain, kept)]
        # a line taken away is in no chain: what it breaks is told by those that recalled it
        if not found or not kept:
            break
        for blamed, reason in found:
            refused |= dict.fromkeys(blamed, reason)
    links = {pk: one for chain in chains.values() for pk, one in recalled_in(chain).items()}
    done = [pairs[pk] for pk in kept]
    for pair in done:
        if pair.after.pk in links:
            pair.after.recalled = links[pair.after.pk]
    relinked = [Pair(one, _recalling(one, links[one.pk])) for one in others]
    changed = [one for one in relinked if done and one.before.recalled_id != one.after.recalled_id]
    return Planned(done, changed, refused, _warnings([*done, *changed]))


def _recalling(line: SupplyLine, recalled: SupplyLine | None) -> SupplyLine:
    after = copy(line)
    after.recalled = recalled
    return after


def _warnings(pairs: Iterable[Pair]) -> list[str]:
    """Recalls that are not the people of the delivery they are now for: a comment explains them."""
    found = []
    for one in (pair.after for pair in pairs if pair.after.removed_at is None):
        need = Need(one.first_doses, one.second_doses)
        if one.recalled and gap_of(need, one.recalled, one.wave.delivers_on):
            found.append(
                f"{one.recipient}, {one.wave}\u00a0: {one.second_doses} rappels commandés pour "
                f"{one.recalled.vaccinated} personnes vaccinées le "
                f"{one.recalled.wave.delivers_on:%d/%m/%Y}. La PUI l’explique en commentaire."
            )
    return found


def doses_received(numbers: Iterable[int]) -> dict[int, int]:
    rows = Reception.objects.filter(line__in=list(numbers)).order_by().values("line")
    return {row["line"]: row["sum"] for row in rows.annotate(sum=Sum("doses"))}


def _move_refusal(before: SupplyLine, after: SupplyLine, received: int) -> str:
    if before.removed_at:
        return f"La ligne de {before.recipient} est supprimée\u00a0: remettez-la d’abord."
    if (before.recipient_id, before.pui_id) == (after.recipient_id, after.pui_id):
        return f"La ligne de {before.recipient} ({before.wave}) est déjà à cette place."
    if before.received_whole_at:
        return f"La livraison de {before.recipient} ({before.wave}) est reçue\u00a0: elle reste là."
    if received and before.pui_id != after.pui_id:
        return (
            f"{before.pui} a déjà reçu {received}\u00a0doses pour {before.recipient} "
            f"({before.wave})\u00a0: la ligne ne change plus de PUI."
        )
    if before.vaccinated is not None and before.recipient_id != after.recipient_id:
        return (
            f"{before.vaccinated} personnes de {before.recipient} ont eu leur 1re injection avec "
            f"cette livraison ({before.wave})\u00a0: elle ne change plus de destinataire."
        )
    return ""


def _removal_refusal(before: SupplyLine, after: SupplyLine, received: int) -> str:
    if before.removed_at:
        return f"La ligne de {before.recipient} ({before.wave}) est déjà supprimée."
    if received or before.received_whole_at:
        return (
            f"{received}\u00a0doses sont déjà reçues pour {before.recipient} ({before.wave})"
            "\u00a0: la ligne ne se supprime plus."
        )
    if before.shipped_on:
        return (
            f"La livraison de {before.recipient} ({before.wave}) est expédiée depuis le "
            f"{before.shipped_on:%d/%m/%Y}\u00a0: déplacez-la vers qui la reçoit."
        )
    return ""


def _return_refusal(before: SupplyLine, after: SupplyLine, received: int) -> str:
    if before.removed_at:
        return ""
    return f"La ligne de {before.recipient} ({before.wave}) n’est pas supprimée."
