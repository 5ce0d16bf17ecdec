"""A pharmacy says what it received of a share-out: how much, when, and why when it differs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from pui.models import PharmacyShare, ShareOut
from pui.services.sharing import SharingError

LONGEST_COMMENT = 500


@dataclass(frozen=True, slots=True)
class Reception:
    quantity: int
    on: date
    comment: str = ""


class AlreadyConfirmedError(SharingError):
    """A colleague confirmed meanwhile; ``share`` holds what counts now."""

    def __init__(self, share: PharmacyShare) -> None:
        super().__init__(
            f"{share.confirmed_by} vient de confirmer cette réception\u00a0: relisez-la avant de "
            "la corriger."
        )
        self.share = share


def version_of(share: PharmacyShare) -> str:
    """What a form carries, to know whether somebody confirmed since it was shown."""
    return share.confirmed_at.isoformat() if share.confirmed_at else ""


@transaction.atomic
def confirm_reception(
    *,
    by: User,
    share: PharmacyShare,
    reception: Reception,
    seen: str = "",
    now: datetime | None = None,
) -> PharmacyShare:
    """Keep what was received, or correct it; journaled.

    Raise ``AlreadyConfirmedError`` when a colleague did since ``seen``, else ``SharingError``.
    """
    now = now or timezone.now()
    locked = _lock(by, share)
    if version_of(locked) != seen:
        raise AlreadyConfirmedError(locked)
    comment = reception.comment.strip()[:LONGEST_COMMENT]
    _require_possible(locked, reception, comment, now)
    before = locked.received_quantity
    locked.received_quantity, locked.received_on = reception.quantity, reception.on
    locked.received_comment = comment
    locked.confirmed_at, locked.confirmed_by = now, by
    locked.save()
    record(
        "pui.share_received",
        by=by,
        target=locked.share_out,
        place=locked.pui.establishment,
        granted_quantity=locked.quantity,
        received=reception.quantity,
        received_before=before,
        on=reception.on.isoformat(),
        comment=comment,
    )
    return locked


def _lock(by: User, share: PharmacyShare) -> PharmacyShare:
    """The share of one's own pharmacy, of a share-out that is and stays published.

    The share-out is taken first, as a cancellation does.
    """
    share_out = ShareOut.objects.select_for_update(of=("self",)).get(pk=share.share_out_id)
    if not share_out.is_published:
        raise SharingError(f"Cette répartition est {share_out.get_state_display()}.")
    reached = PharmacyShare.objects.for_user(by, to=Action.MED_ALLOCATE_RECEIVE)
    locked = (
        reached.select_for_update(of=("self",))
        .select_related("share_out", "pui__establishment", "confirmed_by")
        .filter(pk=share.pk)
        .first()
    )
    if locked is None:
        raise SharingError("Seul un gestionnaire de fichiers de la PUI confirme sa réception.")
    result: PharmacyShare = locked
    return result


def _require_possible(
    share: PharmacyShare, reception: Reception, comment: str, now: datetime
) -> None:
    published = share.share_out.published_at
    if reception.on > timezone.localdate(now):
        raise SharingError("La date de réception est à venir\u00a0: confirmez le jour venu.")
    if published and reception.on < timezone.localdate(published):
        raise SharingError(
            f"La répartition est publiée depuis le {timezone.localdate(published):%d/%m/%Y}\u00a0: "
            "rien n’a pu être reçu avant."
        )
    if reception.quantity != share.quantity and not comment:
        raise SharingError(
            f"Vous avez reçu {reception.quantity} au lieu de {share.quantity}\u00a0: dites "
            "pourquoi dans le commentaire."
        )
