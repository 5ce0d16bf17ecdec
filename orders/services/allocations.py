"""Prepare a share-out: create, change, adjust, compute again, duplicate, abandon. One at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.perimeter import Action
from journal.services import record
from orders.models import Adjustment, Allocation, Beneficiary, Doctrine, RegionFactor
from orders.services.allocating import compute
from orders.services.quota_errors import AllocationError, ChangedMeanwhileError

State = Allocation.State
COPIED = (
    "pool",
    "pools_percent",
    "reserve_percent",
    "pack",
    "floor_packs",
    "item_factor",
    "note",
    "ends_on",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a draft is computed with; a region left out of ``regions`` is multiplied by 1."""

    doctrine: Doctrine
    starts_on: date
    pool: int
    pack: int
    pools_percent: Decimal = Decimal(0)
    reserve_percent: Decimal = Decimal(0)
    floor_packs: int = 1
    item_factor: Decimal = Decimal(1)
    ends_on: date | None = None
    note: str = ""
    regions: Mapping[str, Decimal] = field(default_factory=dict)


def version_of(draft: Allocation) -> str:
    """What a form carries, to know whether somebody changed the draft since it was shown."""
    return draft.edited_at.isoformat()


@transaction.atomic
def create_draft(*, by: User, item: EpiItem, settings: Settings) -> Allocation:
    """Prepare a share-out of an item, computed; journaled."""
    _require_right(by)
    _require_item(item)
    draft = Allocation(item=item, created_by=by)
    _write(draft, settings, by)
    record("orders.allocation_drafted", by=by, target=draft, **_told(draft))
    return draft


@transaction.atomic
def change_draft(*, by: User, draft: Allocation, settings: Settings, seen: str) -> Allocation:
    """Change what a draft is computed with and compute it; journaled.

    Raise ``ChangedMeanwhileError`` when a colleague did since ``seen``.
    """
    draft = lock_draft(by, draft, seen)
    before = _told(draft)
    _write(draft, settings, by)
    record("orders.allocation_changed", by=by, target=draft, before=before, after=_told(draft))
    return draft


@transaction.atomic
def recompute(*, by: User, draft: Allocation) -> Allocation:
    """Compute again with the capacities and the directory of now; journaled."""
    draft = lock_draft(by, draft)
    compute(draft)
    _sign(draft, by)
    record("orders.allocation_recomputed", by=by, target=draft, **_told(draft))
    return draft


@transaction.atomic
def duplicate(*, by: User, source: Allocation) -> Allocation:
    """Prepare another from one, whatever its state, with its factors and adjustments; journaled."""
    _require_right(by)
    source = source.renews or source
    copied = {name: getattr(source, name) for name in COPIED}
    draft = Allocation(
        item=source.item,
        doctrine=source.doctrine,
        starts_on=max(source.starts_on, current_week()),
        created_by=by,
        edited_by=by,
        **copied,
    )
    draft.save()
    for rows in (source.region_factors.all(), source.adjustments.all()):
        for one in rows:
            one.pk, one.allocation = None, draft
            one._state.adding = True
            one.save()
    compute(draft)
    record("orders.allocation_drafted", by=by, target=draft, source=source.pk, **_told(draft))
    return draft


@transaction.atomic
def abandon(*, by: User, draft: Allocation) -> Allocation:
    """Give a draft up: kept to be read, changed no more; journaled."""
    draft = lock_draft(by, draft)
    draft.state = State.ABANDONED
    _sign(draft, by)
    record("orders.allocation_abandoned", by=by, target=draft)
    return draft


@transaction.atomic
def adjust(
    *, by: User, draft: Allocation, beneficiary: Beneficiary, factor: Decimal, reason: str
) -> Adjustment:
    """Multiply the need of one beneficiary, and say why; computed again, journaled."""
    draft = lock_draft(by, draft)
    if not reason.strip():
        raise AllocationError("Dites pourquoi\u00a0: le bénéficiaire lira ce motif.")
    row, _ = Adjustment.objects.update_or_create(
        allocation=draft,
        beneficiary=beneficiary,
        defaults={"factor": factor, "reason": reason.strip()},
    )
    compute(draft)
    _sign(draft, by)
    record("orders.quota_adjusted", by=by, target=draft, place=beneficiary.establishment,
           beneficiary=str(beneficiary), factor=str(factor), reason=reason.strip())  # fmt: skip
    return row


@transaction.atomic
def remove_adjustment(*, by: User, adjustment: Adjustment) -> None:
    """Count one beneficiary like the others again; journaled."""
    draft = lock_draft(by, adjustment.allocation)
    beneficiary = adjustment.beneficiary
    Adjustment.objects.filter(pk=adjustment.pk).delete()
    compute(draft)
    _sign(draft, by)
    record("orders.quota_adjustment_removed", by=by, target=draft,
           place=beneficiary.establishment, beneficiary=str(beneficiary))  # fmt: skip


def lock_draft(by: User, draft: Allocation, seen: str | None = None) -> Allocation:
    """Hold the draft as it is now, or say why it may not be changed."""
    _require_right(by)
    rows = Allocation.objects.select_related("item", "doctrine", "edited_by")
    held: Allocation = rows.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)
    if not held.is_open:
        raise AllocationError(
            f"Cette répartition est {held.get_state_display()}\u00a0: elle ne change plus. "
            "Dupliquez-la pour en préparer une autre."
        )
    if seen is not None and seen != version_of(held):
        raise ChangedMeanwhileError(held)
    return held


def _require_right(by: User) -> None:
    if not by.may(Action.QUOTA_WRITE):
        raise AllocationError("Seule la cellule nationale fixe les contingents.")


def _require_item(item: EpiItem) -> None:
    if item.parent_id is not None:
        raise AllocationError("Un contingent compte toutes les tailles ensemble.")


def _write(draft: Allocation, settings: Settings, by: User) -> None:
    if settings.ends_on and settings.ends_on < settings.starts_on:
        raise AllocationError("La dernière semaine vient avant la première.")
    if settings.doctrine.starts_on > settings.starts_on:
        raise AllocationError(
            f"«\u00a0{settings.doctrine}\u00a0» s’applique à partir du "
            f"{settings.doctrine.starts_on:%d/%m/%Y}\u00a0: choisissez une semaine qui commence ce "
            "jour-là ou après, ou une autre doctrine."
        )
    if settings.pools_percent + settings.reserve_percent > 100:
        raise AllocationError(
            "Les pots communs et la réserve ne dépassent pas 100\u00a0% ensemble."
        )
    draft.doctrine, draft.starts_on = settings.doctrine, settings.starts_on
    draft.ends_on, draft.note = settings.ends_on, settings.note.strip()
    draft.pool, draft.pack = settings.pool, settings.pack
    draft.pools_percent, draft.item_factor = settings.pools_percent, settings.item_factor
    draft.floor_packs, draft.reserve_percent = settings.floor_packs, settings.reserve_percent
    _sign(draft, by)
    _write_regions(draft, settings.regions)
    compute(draft)


def _write_regions(draft: Allocation, factors: Mapping[str, Decimal]) -> None:
    wanted = {code: factor for code, factor in factors.items() if factor != 1}
    known = {one.region_id: one for one in draft.region_factors.all()}
    for code, row in known.items():
        if code not in wanted:
            row.delete()
        elif row.factor != wanted[code]:
            row.factor = wanted[code]
            row.save()
    for code in wanted.keys() - known.keys():
        RegionFactor.objects.create(allocation=draft, region_id=code, factor=wanted[code])


def _sign(draft: Allocation, by: User) -> None:
    draft.edited_at, draft.edited_by = timezone.now(), by
    draft.save()


def _told(draft: Allocation) -> dict[str, Any]:
    """For the journal."""
    return {
        "starts_on": draft.starts_on.isoformat(),
        "pool": draft.pool,
        "doctrine": str(draft.doctrine),
        "pools_percent": str(draft.pools_percent),
        "reserve_percent": str(draft.reserve_percent),
        "floor": draft.floor_packs,
        "item_factor": str(draft.item_factor),
    }
