"""Transfers: proposed by the solver or by hand, judged again when confirmed.

Whoever promises units of goods takes turns behind the row of these goods: two people never promise
the same units.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from establishments.models.position import spots_of
from establishments.perimeter import Action
from establishments.redistribution.distance import Distance, distance_between
from establishments.redistribution.held import (
    KEPT_DAYS,
    SERVED_DAYS,
    Held,
    expiring_text,
    expiry_text,
    promised_text,
    units_text,
)
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.rights import Sides, agency_needs, places_to
from establishments.redistribution.services.needs import (
    AidError,
    lock_need,
    record_need,
    require_agency,
    require_open,
)
from establishments.redistribution.sharing import Proposal, candidates_for, solve
from establishments.redistribution.states import NeedState, Side, Step, StepError, TransferState
from establishments.redistribution.trade import Event, Trade

MOST_NEEDS: Final = 50


@transaction.atomic
def propose(
    trade: Trade, *, by: Any, need_ids: Collection[int], now: datetime | None = None
) -> tuple[list[Need], Proposal]:
    """Share donors out between these open needs, keeping what was proposed before.

    Raise ``AidError`` when there is no need to serve.
    """
    now = now or timezone.now()
    needs = _lock_needs(trade, by, need_ids)
    remaining = {one.pk: one.remaining for one in needs}
    if not any(remaining.values()):
        raise AidError("Aucun de ces besoins n’a d’unité à trouver.")
    lock_goods(trade, {one.goods_pk for one in needs})
    proposal = solve(needs, remaining, candidates_for(trade, by, needs, now))
    for move in proposal.moves:
        _propose(
            trade,
            by,
            move.need,
            move.candidate.place,
            move.quantity,
            move.candidate.held,
            move.candidate.distance,
        )
    for need in needs:
        found = [one.quantity for one in proposal.moves if one.need == need]
        missing = proposal.unmet.get(need.pk, 0)
        record_need(
            trade, Event.PROPOSED, by, need, donors=len(found), quantity=sum(found), missing=missing
        )
    return needs, proposal


def _lock_needs(trade: Trade, by: Any, need_ids: Collection[int]) -> list[Need]:
    """Those that are open and of this agency, in the order of their numbers."""
    rows = agency_needs(trade, by).filter(pk__in=need_ids, state=NeedState.OPEN)
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = locked.select_related(*trade.with_place).prefetch_related("transfers")
    return list(found[:MOST_NEEDS])


def lock_goods(trade: Trade, pks: Collection[int]) -> None:
    rows = trade.goods._default_manager.filter(pk__in=pks).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _propose(
    trade: Trade,
    by: Any,
    need: Need,
    giver: Any,
    quantity: int,
    held: Held,
    distance: Distance,
) -> Transfer:
    """A new proposal, or the one that stands for this giver, made larger."""
    model: Any = trade.transfers
    rows = model._default_manager.select_for_update(no_key=True)
    found = rows.filter(need=need, giver=giver, state=TransferState.PROPOSED).first()
    transfer: Transfer = found or model(need=need, giver=giver, quantity=0, proposed_by=by)
    transfer.explanation = held.as_json | {"promised": held.promised - transfer.quantity}
    transfer.quantity += quantity
    transfer.distance_km, transfer.distance_source = distance.km, distance.source
    transfer.save()
    return transfer


@transaction.atomic
def add_transfer(
    trade: Trade,
    *,
    by: Any,
    need: Need,
    giver: Any,
    quantity: int,
    now: datetime | None = None,
) -> Transfer:
    """A donor that the agency chooses itself, under the same rule. Raise ``AidError``."""
    now = now or timezone.now()
    row = lock_need(trade, need.pk)
    require_agency(trade, by, row)
    require_open(row)
    require_quantity(quantity)
    if giver.pk == row.place_pk:
        raise AidError("On ne se dépanne pas soi-même\u00a0: choisissez un autre donneur.")
    if not places_to(trade, by, Action.AID_PROPOSE).filter(pk=giver.pk).exists():
        raise AidError(f"{giver} n’est pas de votre ressort.")
    if quantity > row.remaining:
        left = units_text(row.remaining, trade.unit_of(row.goods_pk))
        raise AidError(f"Il reste {left} à trouver pour ce besoin.")
    lock_goods(trade, [row.goods_pk])
    held = require_surplus(trade, row, giver, quantity, now)
    here, there = trade.site_of(row.place), trade.site_of(giver)
    spots = spots_of([here, there])
    distance = distance_between(spots[here.pk], spots[there.pk])
    transfer = _propose(trade, by, row, giver, quantity, held, distance)
    record_need(trade, Event.TRANSFER_ADDED, by, row, giver=str(giver), quantity=quantity)
    return transfer


@transaction.atomic
def set_quantity(
    trade: Trade, *, by: Any, transfer: Transfer, quantity: int, now: datetime | None = None
) -> Transfer:
    """The agency changes what it proposes, until it is confirmed. Raise ``AidError``."""
    now = now or timezone.now()
    need = lock_need(trade, transfer.need.pk)
    require_agency(trade, by, need)
    lock_goods(trade, [need.goods_pk])
    row = lock_transfer(trade, transfer.pk)
    require_quantity(quantity)
    if row.state != TransferState.PROPOSED:
        raise AidError(
            f"Ce transfert est {TransferState(row.state).label}\u00a0: sa quantité ne change plus. "
            "Annulez-le pour en proposer un autre."
        )
    most = need.remaining + row.quantity
    if quantity > most:
        left = units_text(most, trade.unit_of(need.goods_pk))
        raise AidError(f"Ce besoin n’a plus que {left} à trouver.")
    require_surplus(trade, need, row.giver, quantity, now, without=row.pk)
    before, row.quantity = row.quantity, quantity
    row.save(update_fields=["quantity"])
    giver = str(row.giver)
    record_need(trade, Event.QUANTITY_CHANGED, by, need, giver=giver, before=before, after=quantity)
    return row


def require_surplus(
    trade: Trade,
    need: Need,
    giver: Any,
    quantity: int,
    now: datetime,
    *,
    without: int | None = None,
) -> Held:
    """The donor declared lately, keeps three weeks and gives what can serve. Raise ``AidError``."""
    place = trade.places().filter(pk=giver.pk)
    found = trade.held(place, [need.goods_pk], now, without=without)
    held = found.get((giver.pk, need.goods_pk))
    if held is None:
        raise AidError(
            f"{giver}\u00a0: aucune déclaration à jour de {need.goods}, son stock n’est pas sûr. "
            "Relancez ou choisissez un autre donneur."
        )
    if not held.serves(need.wanted_on, timezone.localdate(now)):
        raise AidError(
            f"{giver}\u00a0: {expiry_text(held.nearest_expiry)}, trop tôt pour servir "
            f"(souhaité pour le {need.wanted_on:%d/%m/%Y}, et {SERVED_DAYS} jours ensuite)."
        )
    if quantity > held.surplus:
        taken_off = (promised_text(held.promised) if held.promised else "", expiring_text(held))
        told = "".join(f" ({one})" for one in taken_off if one)
        most = units_text(held.surplus, held.unit)
        raise AidError(
            f"{giver} peut donner {most} au plus en gardant {KEPT_DAYS} jours{told}\u00a0: "
            f"vous en demandez {quantity}."
        )
    return held


def lock_transfer(trade: Trade, pk: int) -> Transfer:
    rows = trade.transfers._default_manager.select_for_update(no_key=True, of=("self",))
    transfer: Transfer = rows.select_related(*trade.with_places).get(pk=pk)
    return transfer


def require_side(trade: Trade, by: Any, row: Transfer, step: Step, side: Side) -> None:
    """Raise ``AidError``: one acts for one's own side."""
    if not Sides(trade, by, [row]).may(row, step, side):
        raise AidError(f"Votre profil ne peut pas {step.label} ce transfert.")


def taken(
    row: Transfer, step: Step, side: Side, *, by: Any, at: datetime, reason: str = ""
) -> None:
    """Apply a step, the refusal told in the person's words."""
    try:
        row.take(step, side, by=by, at=at, reason=reason)
    except StepError as refusal:
        raise AidError(str(refusal)) from refusal


def require_quantity(quantity: int) -> None:
    if quantity < 1:
        raise AidError("Un transfert porte sur une unité au moins.")
