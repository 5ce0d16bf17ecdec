"""A share-out is published, or cancelled: by the national cell, once, whoever clicks twice."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from journal.services import record
from pui.models import RegionalShare, ShareOut
from pui.services.sharing import SHORTEST_REASON, SharingError, require_national
from pui.sharing.letters import Event, announce


@transaction.atomic
def publish(*, by: User, share_out: ShareOut, now: datetime | None = None) -> ShareOut:
    """Let each pharmacy see what it receives, and write to those that do; journaled.

    Agencies that have not said « terminé » do not hold it back: the journal keeps their names.
    Raise ``SharingError`` when it is not adjusted any more.
    """
    require_national(by)
    locked = _lock(share_out)
    if not locked.is_adjusting:
        raise SharingError(f"Cette répartition est déjà {locked.get_state_display()}.")
    locked.state = ShareOut.State.PUBLISHED
    locked.published_at, locked.published_by = now or timezone.now(), by
    locked.save()
    served = locked.pharmacies.filter(quantity__gt=0)
    record(
        "pui.share_out_published",
        by=by,
        target=locked,
        quantity=locked.quantity,
        given=served.aggregate(total=Sum("quantity"))["total"] or 0,
        pharmacies=served.count(),
        not_done=[str(one.region) for one in not_done(locked)],
    )
    announce(locked, Event.PUBLISHED)
    return locked


@transaction.atomic
def cancel(*, by: User, share_out: ShareOut, reason: str, now: datetime | None = None) -> ShareOut:
    """Give up a share-out, unless a pharmacy received its part; journaled, with the reason,
    which those who were told of it are mailed."""
    require_national(by)
    locked = _lock(share_out)
    reason = reason.strip()
    if locked.is_cancelled:
        raise SharingError("Cette répartition est déjà annulée.")
    if len(reason) < SHORTEST_REASON:
        raise SharingError("Écrivez le motif de l’annulation\u00a0: les ARS et les PUI le lisent.")
    if locked.pharmacies.filter(confirmed_at__isnull=False).exists():
        raise SharingError(
            "Une PUI au moins a confirmé sa réception\u00a0: la répartition ne peut plus être "
            "annulée."
        )
    locked.state = ShareOut.State.CANCELLED
    locked.cancelled_at, locked.cancelled_by = now or timezone.now(), by
    locked.cancel_reason = reason
    locked.save()
    record("pui.share_out_cancelled", by=by, target=locked, reason=reason)
    announce(locked, Event.CANCELLED)
    return locked


def not_done(share_out: ShareOut) -> list[RegionalShare]:
    """The agencies that have something to share out and did not say that they are done."""
    rows = share_out.regions.filter(done_at=None, total__gt=0)
    return list(rows.select_related("region").order_by("region__name"))


def _lock(share_out: ShareOut) -> ShareOut:
    """The share-out, then its regions: an adjustment under way is waited for."""
    locked: ShareOut = ShareOut.objects.select_for_update(of=("self",)).get(pk=share_out.pk)
    list(locked.regions.select_for_update(of=("self",)).order_by("pk"))
    return locked
