"""Transfers: proposed by the solver or by hand, judged again when confirmed.

Whoever promises units of a product takes turns behind the row of that product: two people never
promise the same units.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models.position import spots_of
from establishments.perimeter import Action
from establishments.redistribution.distance import Distance, distance_between
from establishments.redistribution.states import Side, Step, StepError, TransferState
from journal.services import record
from medications.models import ReferenceProduct
from pui.aid.donors import candidates_for
from pui.aid.explaining import explanation_of
from pui.aid.proposing import Proposal, solve
from pui.aid.rights import Sides, puis_to
from pui.aid.stocks import KEPT_DAYS, Held, catalogue_today, held_by
from pui.models import MedicineNeed, MedicineTransfer, Pui
from pui.services.aid_needs import AidError, lock_need, require_agency, require_open

MOST_NEEDS = 50


@transaction.atomic
def propose(
    *, by: User, need_ids: Collection[int], now: datetime | None = None
) -> tuple[list[MedicineNeed], Proposal]:
    """Share donors out between these open needs, keeping what was proposed before.

    Raise ``AidError`` when there is no need to serve.
    """
    now = now or timezone.now()
    needs = _lock_needs(by, need_ids)
    remaining = {one.pk: one.remaining for one in needs}
    if not any(remaining.values()):
        raise AidError("Aucun de ces besoins n’a d’unité à trouver.")
    lock_products({one.reference_id for one in needs})
    proposal = solve(needs, remaining, candidates_for(by, needs, now))
    for move in proposal.moves:
        _propose(
            by,
            move.need,
            move.candidate.pui,
            move.quantity,
            move.candidate.held,
            move.candidate.distance,
        )
    for need in needs:
        found = [one.quantity for one in proposal.moves if one.need == need]
        _record(
            "pui.aid_proposed",
            by,
            need,
            donors=len(found),
            quantity=sum(found),
            missing=proposal.unmet.get(need.pk, 0),
        )
    return needs, proposal


def _lock_needs(by: User, need_ids: Collection[int]) -> list[MedicineNeed]:
    """Those that are open and of this agency, in the order of their numbers."""
    rows = MedicineNeed.objects.open().filter(
        pk__in=need_ids, pui__in=puis_to(by, Action.AID_PROPOSE).order_by().values("pk")
    )
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return list(
        locked.select_related("pui__establishment", "reference").prefetch_related("transfers")[
            :MOST_NEEDS
        ]
    )


def lock_products(reference_ids: Collection[int]) -> None:
    rows = ReferenceProduct.objects.filter(pk__in=reference_ids).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _propose(
    by: User, need: MedicineNeed, giver: Pui, quantity: int, held: Held, distance: Distance
) -> MedicineTransfer:
    """A new proposal, or the one that stands for this giver, made larger."""
    rows = MedicineTransfer.objects.select_for_update(no_key=True)
    found = rows.filter(need=need, giver=giver, state=TransferState.PROPOSED).first()
    transfer = found or MedicineTransfer(need=need, giver=giver, quantity=0, proposed_by=by)
    transfer.explanation = explanation_of(held) | {"promised": held.promised - transfer.quantity}
    transfer.quantity += quantity
    transfer.distance_km, transfer.distance_source = distance.km, distance.source
    transfer.save()
    return transfer


@transaction.atomic
def add_transfer(
    *, by: User, need: MedicineNeed, giver: Pui, quantity: int, now: datetime | None = None
) -> MedicineTransfer:
    """A donor that the agency chooses itself, under the same rule. Raise ``AidError``."""
    now = now or timezone.now()
    row = lock_need(need.pk)
    require_agency(by, row)
    require_open(row)
    _require_quantity(quantity)
    if giver.pk == row.pui_id:
        raise AidError("Une PUI ne se dépanne pas elle-même.")
    if not puis_to(by, Action.AID_PROPOSE).filter(pk=giver.pk).exists():
        raise AidError("Cette PUI n’est pas de votre ressort.")
    if quantity > row.remaining:
        raise AidError(f"Il reste {row.remaining} unités à trouver pour ce besoin.")
    lock_products([row.reference_id])
    held = require_surplus(row, giver, quantity, now)
    spots = spots_of([giver.establishment, row.pui.establishment])
    distance = distance_between(spots[row.pui.establishment_id], spots[giver.establishment_id])
    transfer = _propose(by, row, giver, quantity, held, distance)
    _record("pui.aid_transfer_added", by, row, giver=str(giver), quantity=quantity)
    return transfer


@transaction.atomic
def set_quantity(
    *, by: User, transfer: MedicineTransfer, quantity: int, now: datetime | None = None
) -> MedicineTransfer:
    """The agency changes what it proposes, until it is confirmed. Raise ``AidError``."""
    now = now or timezone.now()
    need = lock_need(transfer.need_id)
    require_agency(by, need)
    lock_products([need.reference_id])
    row = lock_transfer(transfer.pk)
    _require_quantity(quantity)
    if row.state != TransferState.PROPOSED:
        raise AidError(
            f"Ce transfert est {TransferState(row.state).label}\u00a0: sa quantité ne change plus. "
            "Annulez-le pour en proposer un autre."
        )
    most = need.remaining + row.quantity
    if quantity > most:
        raise AidError(f"Ce besoin n’a plus que {most} unités à trouver.")
    require_surplus(need, row.giver, quantity, now, without=row.pk)
    before, row.quantity = row.quantity, quantity
    row.save(update_fields=["quantity"])
    _record(
        "pui.aid_quantity_changed", by, need, giver=str(row.giver), before=before, after=quantity
    )
    return row


def require_surplus(
    need: MedicineNeed, giver: Pui, quantity: int, now: datetime, *, without: int | None = None
) -> Held:
    """The donor declared the last due day and keeps three weeks. Raise ``AidError``."""
    reference = need.reference.label
    found = held_by(catalogue_today(now), [reference], [giver.pk], now, without=without)
    held = found.get((giver.pk, reference))
    if held is None:
        raise AidError(
            f"{giver} n’a pas déclaré {reference} à la dernière échéance\u00a0: son stock n’est "
            "pas sûr. Relancez-la ou choisissez une autre PUI."
        )
    if quantity > held.surplus:
        raise AidError(
            f"{giver} peut donner {held.surplus} unités au plus en gardant {KEPT_DAYS} jours "
            f"(et {held.promised} déjà promises)\u00a0: vous en demandez {quantity}."
        )
    return held


def lock_transfer(pk: int) -> MedicineTransfer:
    rows = MedicineTransfer.objects.select_for_update(no_key=True, of=("self",))
    transfer: MedicineTransfer = rows.select_related(
        "giver__establishment", "need__pui__establishment", "need__reference"
    ).get(pk=pk)
    return transfer


def require_side(by: User, row: MedicineTransfer, step: Step, side: Side) -> None:
    """Raise ``AidError``: one acts for one's own side."""
    if not Sides(by, [row]).may(row, step, side):
        raise AidError(f"Votre profil ne peut pas {step.label} ce transfert.")


def taken(
    row: MedicineTransfer, step: Step, side: Side, *, by: User, at: datetime, reason: str = ""
) -> None:
    """Apply a step, the refusal told in the person's words."""
    try:
        row.take(step, side, by=by, at=at, reason=reason)
    except StepError as refusal:
        raise AidError(str(refusal)) from refusal


def _require_quantity(quantity: int) -> None:
    if quantity < 1:
        raise AidError("Un transfert porte sur une unité au moins.")


def _record(verb: str, by: User, need: MedicineNeed, **details: Any) -> None:
    record(verb, by=by, target=need, place=need.pui.establishment, need=need.pk, **details)
