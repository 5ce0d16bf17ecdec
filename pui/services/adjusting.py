"""An agency adjusts within the total of its region, and says that it is done.

Whoever writes takes the rows of the regions concerned first: an adjustment and a publication, or
two colleagues of one agency, follow one another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from establishments.perimeter import Action
from journal.services import record
from pui.medicine import Medicine, quantity_of
from pui.models import PharmacyShare, Pui, RegionalShare, ShareOut
from pui.services.sharing import SharingError
from pui.sharing.letters import Event, announce
from pui.sharing.needs import Need, read_needs


class ShareConflictError(SharingError):
    """A colleague changed the same lines meanwhile; ``rows`` hold what counts now."""

    def __init__(self, rows: list[PharmacyShare]) -> None:
        super().__init__(
            "Quelqu’un a changé les mêmes lignes que vous\u00a0: les deux valeurs sont affichées. "
            "Rien de ce que vous venez de saisir n’est enregistré."
        )
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Quantities typed by line; ``seen`` are those that the person had before their eyes."""

    typed: Mapping[int, int]
    seen: Mapping[int, int]
    note: str = ""
    is_done: bool = False


@transaction.atomic
def adjust(
    *, by: User, regional: RegionalShare, asked: Adjustment, now: datetime | None = None
) -> list[PharmacyShare]:
    """Change the quantities of a region, never over its total; say that it is done when asked.

    Raise ``ShareConflictError`` when a colleague changed the same lines meanwhile, ``SharingError``
    when it may not be adjusted. Return the lines that changed.
    """
    now = now or timezone.now()
    locked = lock_open(by, regional, now)
    if locked.done_at:
        raise SharingError("L’ajustement est terminé\u00a0: reprenez-le pour le changer.")
    rows = {one.pk: one for one in locked.pharmacies.select_related("pui__establishment")}
    changed = _changes(rows, asked)
    told = [f"{one.pui}\u00a0: {one.quantity} → {asked.typed[one.pk]}" for one in changed]
    for one in changed:
        one.quantity = asked.typed[one.pk]
    _allow_blocked(locked.share_out, [one for one in changed if not one.may_be_served], now)
    _require_within_total(locked, rows.values())
    for one in changed:
        one.changed_at, one.changed_by = now, by
        one.save()
    _finish(by, locked, asked, told, now)
    return changed


def lock_open(by: User, regional: RegionalShare, now: datetime) -> RegionalShare:
    """The row of the region, taken; refused once published, cancelled, or past its last day."""
    reached = RegionalShare.objects.for_user(by, to=Action.MED_ALLOCATE)
    locked = (
        reached.select_for_update(of=("self",))
        .select_related("share_out", "region")
        .filter(pk=regional.pk)
        .first()
    )
    if locked is None:
        raise SharingError("Cette répartition n’est pas celle de votre région.")
    share_out = ShareOut.objects.get(pk=locked.share_out_id)  # read after the row is ours
    locked.share_out = share_out
    if not share_out.is_adjusting:
        raise SharingError(
            f"Cette répartition est {share_out.get_state_display()}\u00a0: "
            "elle ne peut plus être ajustée."
        )
    is_over = share_out.closes_on < timezone.localdate(now)
    if is_over and not by.perimeter_to(Action.MED_ALLOCATE).is_national:
        raise SharingError(
            f"L’ajustement est clos depuis le {share_out.closes_on:%d/%m/%Y}\u00a0: la cellule "
            "nationale va publier. Appelez-la s’il faut encore changer."
        )
    result: RegionalShare = locked
    return result


def _changes(rows: Mapping[int, PharmacyShare], asked: Adjustment) -> list[PharmacyShare]:
    """The lines that the person changed; what they left alone stays as it is."""
    moved = [
        rows[pk] for pk, value in asked.typed.items() if pk in rows and value != asked.seen.get(pk)
    ]
    conflicts = [
        one for one in moved if one.quantity not in (asked.seen.get(one.pk), asked.typed[one.pk])
    ]
    if conflicts:
        raise ShareConflictError(conflicts)
    return [one for one in moved if one.quantity != asked.typed[one.pk]]


def _allow_blocked(share_out: ShareOut, blocked: list[PharmacyShare], now: datetime) -> None:
    """A pharmacy that declared since may be served, on its new figures; any other may not."""
    if not blocked:
        return
    needs = needs_now(share_out, blocked, now)
    for one in blocked:
        need = needs.get(one.pui_id)
        if need is None or not need.may_be_served:
            raise SharingError(
                f"{one.pui} ne peut pas être servie\u00a0: seules les PUI qui déclarent le sont. "
                "Rien n’est enregistré."
            )
        one.stock, one.daily = need.stock, need.daily
        one.declared_on, one.block = need.declared_on, need.block


def needs_now(share_out: ShareOut, shares: list[PharmacyShare], now: datetime) -> dict[int, Need]:
    """What these pharmacies declare today, by their number."""
    puis = [one.pui_id for one in shares]
    rows = Pui.objects.filter(pk__in=puis)
    return {one.pui.pk: one for one in read_needs(medicine_of(share_out), now, rows)}


def _require_within_total(regional: RegionalShare, rows: Iterable[PharmacyShare]) -> None:
    spent = sum(one.quantity for one in rows)
    if spent > regional.total:
        unit, over = regional.share_out.unit, spent - regional.total
        raise SharingError(
            f"Vous répartissez {quantity_of(spent, unit)}, votre région en a "
            f"{format_integer(regional.total)}\u00a0: retirez-en {format_integer(over)}. "
            "Rien n’est enregistré."
        )


def _finish(
    by: User,
    regional: RegionalShare,
    asked: Adjustment,
    changes: list[str],
    now: datetime,
) -> None:
    """Keep the words of the agency and its « terminé », and write what happened."""
    note, is_noted = asked.note.strip(), asked.note.strip() != regional.note
    regional.note = note
    if asked.is_done:
        regional.done_at, regional.done_by = now, by
    if is_noted or asked.is_done:
        regional.save()
    if changes or is_noted:
        record(
            "pui.share_out_adjusted",
            by=by,
            target=regional,
            place=regional,
            changes=changes,
            note=note,
        )
    if asked.is_done:
        record("pui.share_out_region_done", by=by, target=regional, place=regional)
        announce(regional.share_out, Event.READY)


@transaction.atomic
def resume(*, by: User, regional: RegionalShare, now: datetime | None = None) -> bool:
    """Adjust again what was said to be done. False: it was not done any more."""
    locked = lock_open(by, regional, now or timezone.now())
    if locked.done_at is None:
        return False
    locked.done_at = locked.done_by = None
    locked.save()
    record("pui.share_out_region_resumed", by=by, target=locked, place=locked)
    return True


def medicine_of(share_out: ShareOut) -> Medicine:
    return Medicine(share_out.product, share_out.reference, share_out.unit)
