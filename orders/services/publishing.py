"""A share-out is proposed by one person of the national cell and published by another."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.perimeter import Action
from journal.services import record
from orders.models import Allocation
from orders.quotas.checks import obstacles, totals_of
from orders.quotas.notices import announce
from orders.quotas.returns import tell_return
from orders.rules import tensions_of_week
from orders.services.allocating import compute
from orders.services.allocations import lock_draft, version_of
from orders.services.quota_errors import AllocationError, ChangedMeanwhileError
from orders.services.quota_weeks import write_week

State = Allocation.State


@transaction.atomic
def propose(*, by: User, draft: Allocation, seen: str) -> Allocation:
    """Ask another person to publish; what would forbid it is told now. Journaled."""
    draft = lock_draft(by, draft, seen)
    _require_sound(draft)
    draft.state = State.PROPOSED
    draft.proposed_by, draft.proposed_at = by, timezone.now()
    draft.save()
    record("orders.allocation_proposed", by=by, target=draft, starts_on=_iso(draft.starts_on))
    return draft


@transaction.atomic
def send_back(*, by: User, proposal: Allocation, reason: str = "") -> Allocation:
    """Make a proposal a draft again: who proposed it changed their mind, or another says why.

    Who proposed it reads the reason. Journaled.
    """
    proposal = _lock_proposal(by, proposal)
    proposer = proposal.proposed_by
    if proposer != by and not reason.strip():
        raise AllocationError("Dites pourquoi\u00a0: la personne qui l’a proposée lira ce motif.")
    proposal.state = State.DRAFT
    proposal.proposed_by, proposal.proposed_at = None, None
    proposal.edited_at, proposal.edited_by = timezone.now(), by
    proposal.save()
    record("orders.allocation_sent_back", by=by, target=proposal, reason=reason.strip())
    if proposer is not None and proposer != by:
        tell_return(proposal, to=proposer, by=by, reason=reason.strip())
    return proposal


@transaction.atomic
def publish(*, by: User, proposal: Allocation, seen: str | None = None) -> Allocation:
    """Make the quotas of the first week, tell the ARS; never by who proposed. Journaled.

    What was ordered already stays as it is: a quota never goes under what it served. ``seen``:
    what the second person read; sent back and proposed again since, it is read again.
    """
    lock_item(proposal.item_id)
    proposal = _lock_proposal(by, proposal)
    if seen is not None and seen != version_of(proposal):
        raise ChangedMeanwhileError(proposal)
    if proposal.proposed_by_id == by.pk:
        raise AllocationError(
            "Vous l’avez proposée\u00a0: une autre personne de la cellule nationale publie."
        )
    _require_sound(proposal)
    same = Allocation.objects.decided().filter(item=proposal.item, starts_on=proposal.starts_on)
    for former in same.filter(state=State.PUBLISHED):
        former.state = State.REPLACED
        former.save(update_fields=["state"])
    proposal.state = State.PUBLISHED
    proposal.published_by, proposal.published_at = by, timezone.now()
    proposal.save()
    counts = write_week(proposal)
    record("orders.allocation_published", by=by, target=proposal,
           starts_on=_iso(proposal.starts_on), **counts)  # fmt: skip
    announce(proposal)
    return proposal


@transaction.atomic
def end(*, by: User, allocation: Allocation, last_week: date) -> Allocation:
    """Renew no more after ``last_week``; its quotas already written stay. Journaled."""
    if not by.may(Action.QUOTA_WRITE):
        raise AllocationError("Seule la cellule nationale fixe les contingents.")
    lock_item(allocation.item_id)
    allocation = Allocation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=allocation.pk
    )
    if allocation.state != State.PUBLISHED or allocation.renews_id:
        raise AllocationError("Cette répartition n’est pas en vigueur.")
    if last_week < max(current_week(), allocation.starts_on):
        raise AllocationError("La dernière semaine est celle d’aujourd’hui, ou une autre à venir.")
    allocation.ends_on = last_week
    allocation.save(update_fields=["ends_on"])
    record("orders.allocation_ended", by=by, target=allocation, ends_on=_iso(last_week))
    return allocation


def missing_weeks(week: date) -> list[Allocation]:
    """The decisions in force, of items in tension, whose quotas of a week are not there yet.

    Out of tension nobody orders: a decision sleeps, and its quotas come with the next tension.
    """
    rows = Allocation.objects.in_force(week).filter(
        starts_on__lt=week, item__in=tensions_of_week(week)
    )
    return list(rows.exclude(weeks__starts_on=week).select_related("item"))


@transaction.atomic
def renew(*, decision: Allocation, week: date) -> Allocation | None:
    """Compute a decision again for a later week, with its capacities and directory; once.

    None when it is done already, or when another decision counts by now.
    """
    lock_item(decision.item_id)
    if decision.pk not in {one.pk for one in missing_weeks(week)}:
        return None
    renewed = Allocation(
        item_id=decision.item_id, doctrine_id=decision.doctrine_id, renews=decision,
        state=State.WEEKLY, starts_on=week, ends_on=week, pool=decision.pool,
        pools_percent=decision.pools_percent,
        reserve_percent=decision.reserve_percent, pack=decision.pack,
        floor_packs=decision.floor_packs, item_factor=decision.item_factor,
        published_at=timezone.now(),
    )  # fmt: skip
    renewed.save()
    compute(renewed, on=week)
    counts = write_week(renewed)
    record("orders.allocation_renewed", by=None, target=renewed, week=_iso(week), **counts)
    return renewed


def renew_all(*, week: date | None = None) -> int:
    """Make the quotas that the week lacks, each item in its own transaction; say how many."""
    week = week or current_week()
    return sum(renew(decision=one, week=week) is not None for one in missing_weeks(week))


def lock_item(item_id: int) -> None:
    """One publication, renewal or extra at a time for an item."""
    EpiItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item_id)


def _lock_proposal(by: User, proposal: Allocation) -> Allocation:
    if not by.may(Action.QUOTA_WRITE):
        raise AllocationError("Seule la cellule nationale fixe les contingents.")
    rows = Allocation.objects.select_related("item", "doctrine")
    held: Allocation = rows.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    if held.state != State.PROPOSED:
        raise AllocationError(f"Cette répartition est {held.get_state_display()}.")
    return held


def _require_sound(allocation: Allocation) -> None:
    found = obstacles(totals_of(allocation))
    if found:
        raise AllocationError(" ".join(found))


def _iso(day: date) -> str:
    return day.isoformat()
