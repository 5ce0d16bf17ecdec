"""The national cell writes the doctrine: a copy with a day to come, changed until that day."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from orders.doctrine.differences import Difference, differences, told
from orders.doctrine.grid import Grid, GridError, grid_of, write_grid
from orders.models import Allocation, Doctrine
from orders.services.allocating import compute
from orders.services.errors import OrderingError

TRIED = (Allocation.State.DRAFT, Allocation.State.ABANDONED)
NATIONAL = "La cellule nationale écrit les doctrines de contingentement."


class DoctrineError(OrderingError):
    """The doctrine stays as it is."""


class ChangedMeanwhileError(DoctrineError):
    """Somebody else wrote since the form was shown; ``doctrine`` is what stands now."""

    def __init__(self, doctrine: Doctrine, typed: Grid) -> None:
        who = f" par {doctrine.changed_by}" if doctrine.changed_by else ""
        super().__init__(
            f"Cette doctrine vient d’être changée{who}. Rien de ce que vous avez tapé n’est perdu "
            "ni enregistré\u00a0: comparez, puis enregistrez de nouveau si vos valeurs doivent "
            "l’emporter."
        )
        self.doctrine = doctrine
        self.between: list[Difference] = differences(grid_of(doctrine), typed)


def is_editable(doctrine: Doctrine, today: date | None = None) -> bool:
    """Not in force yet, and no share-out of it was proposed or published."""
    return not why_fixed(doctrine, today)


def why_fixed(doctrine: Doctrine, today: date | None = None) -> str:
    """Why it cannot change any more; empty: it can."""
    if doctrine.starts_on <= (today or timezone.localdate()):
        return (
            f"Elle s’applique depuis le {doctrine.starts_on:%d/%m/%Y}\u00a0: une nouvelle doctrine "
            "la remplace, elle ne change plus."
        )
    if doctrine.allocations.exclude(state__in=TRIED).exists():
        return "Un contingentement a été proposé avec elle\u00a0: elle ne change plus."
    return ""


def why_kept(doctrine: Doctrine) -> str:
    """Why it cannot be deleted; empty: it can."""
    if refusal := why_fixed(doctrine):
        return refusal
    if doctrine.allocations.exists():
        return "Une répartition a été essayée avec elle\u00a0: changez-la plutôt."
    return ""


@transaction.atomic
def copy_doctrine(*, by: User, model: Doctrine, label: str, starts_on: date) -> Doctrine:
    """A new doctrine that says what another says, from a day to come; journaled."""
    _require_national(by)
    _lock_all()
    grid = replace(grid_of(model), label=label, starts_on=starts_on)
    _check(grid, None)
    new = Doctrine.objects.create(
        label=label, starts_on=starts_on, note=model.note, written_by=by, changed_by=by
    )
    write_grid(new, grid)
    record(
        "orders.doctrine_copied",
        by=by,
        target=new,
        copied_from=str(model),
        starts_on=starts_on.isoformat(),
    )
    return new


@transaction.atomic
def change_doctrine(*, by: User, doctrine: Doctrine, typed: Grid, seen: int) -> list[Difference]:
    """Write the whole grid, if nobody wrote since version ``seen``; journaled, before → after.

    The drafts that try it are computed again.
    """
    _require_national(by)
    locked = _lock_all().get(doctrine.pk)
    if locked is None:
        raise DoctrineError("Cette doctrine vient d’être supprimée.")
    drafts = _held_drafts(locked)
    if refusal := why_fixed(locked):
        raise DoctrineError(refusal)
    if locked.version != seen:
        raise ChangedMeanwhileError(locked, typed)
    _check(typed, locked)
    changed = differences(grid_of(locked), typed)
    if not changed:
        return []
    _write(locked, typed, by)
    _compute_again(drafts, by)
    record("orders.doctrine_changed", by=by, target=locked, **told(changed))
    return changed


@transaction.atomic
def delete_doctrine(*, by: User, doctrine: Doctrine, seen: int) -> None:
    """Take off a doctrine that was never in force nor used; journaled with what it said."""
    _require_national(by)
    locked = _lock_all().get(doctrine.pk)
    if locked is None:
        raise DoctrineError("Cette doctrine est déjà supprimée.")
    if refusal := why_kept(locked):
        raise DoctrineError(refusal)
    if locked.version != seen:
        raise DoctrineError("Cette doctrine vient d’être changée\u00a0: relisez-la d’abord.")
    record(
        "orders.doctrine_deleted",
        by=by,
        target=locked,
        starts_on=locked.starts_on.isoformat(),
        groups=[str(one) for one in locked.groups.all()],
    )
    locked.delete()


def _lock_all() -> dict[int, Doctrine]:
    """All of them (few): two people who write wait for each other, and no two begin on one day."""
    rows = Doctrine.objects.select_for_update(of=("self",))
    return {one.pk: one for one in rows.order_by("pk")}


def _check(grid: Grid, own: Doctrine | None) -> None:
    if grid.starts_on <= timezone.localdate():
        raise DoctrineError("Une doctrine commence un jour à venir\u00a0: demain au plus tôt.")
    same_day = Doctrine.objects.filter(starts_on=grid.starts_on)
    others = same_day.exclude(pk=own.pk) if own else same_day
    if other := others.first():
        raise DoctrineError(
            f"«\u00a0{other}\u00a0» commence déjà le {grid.starts_on:%d/%m/%Y}\u00a0: choisissez "
            "un autre jour."
        )
    try:
        grid.check()
    except GridError as refusal:
        raise DoctrineError(str(refusal)) from refusal


def _write(doctrine: Doctrine, typed: Grid, by: User) -> None:
    doctrine.label, doctrine.starts_on, doctrine.note = typed.label, typed.starts_on, typed.note
    doctrine.version += 1
    doctrine.changed_by, doctrine.changed_at = by, timezone.now()
    doctrine.save()
    write_grid(doctrine, typed)


def _held_drafts(doctrine: Doctrine) -> list[Allocation]:
    """Held before it is asked whether one was proposed: nobody proposes them meanwhile."""
    rows = doctrine.allocations.filter(state=Allocation.State.DRAFT).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _compute_again(drafts: list[Allocation], by: User) -> None:
    """Signed: who read them before reads them again before they are proposed."""
    for draft in drafts:
        compute(draft)
        draft.edited_at, draft.edited_by = timezone.now(), by
        draft.save(update_fields=["edited_at", "edited_by"])


def _require_national(by: User) -> None:
    if not by.perimeter_to(Action.QUOTA_WRITE).is_national:
        raise DoctrineError(NATIONAL)
