"""An exceptional extra on one quota, off the reserve of its share-out; taken back if not used."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from common.weeks import current_week
from establishments.perimeter import Action
from journal.services import record
from orders.models import Allocation, Quota, QuotaExtra
from orders.quotas.notices import announce_extra
from orders.quotas.words import counted
from orders.services.publishing import lock_item
from orders.services.quota_errors import AllocationError

ALONE_PACKS = 20  # to somebody who had little or nothing


@transaction.atomic
def give_extra(*, by: User, quota: Quota, quantity: int, reason: str) -> QuotaExtra:
    """Raise one quota by whole packs, with a reason that the beneficiary reads; journaled."""
    _require_right(by)
    lock_item(quota.item_id)
    quota = _read(quota)
    _require_giveable(quota, quantity, reason)
    _require_small(quota, quantity)
    reserves = Allocation.objects.filter(pk=quota.allocation_id, reserve__gte=quantity)
    if not reserves.update(reserve=F("reserve") - quantity):
        left = counted(quota.allocation.reserve or 0, "unités")
        raise AllocationError(f"La réserve de cette répartition n’a plus que {left}.")
    Quota.objects.filter(pk=quota.pk).update(granted=F("granted") + quantity)
    extra = QuotaExtra.objects.create(
        quota=quota, quantity=quantity, reason=reason.strip(), given_by=by
    )
    _record("orders.quota_extra_given", by, extra, quantity)
    announce_extra(extra)
    return extra


@transaction.atomic
def withdraw_extra(*, by: User, extra: QuotaExtra) -> int:
    """Take back what is not used of an extra, to the reserve; say how much. Journaled."""
    _require_right(by)
    lock_item(extra.quota.item_id)
    extra = QuotaExtra.objects.select_for_update(of=("self",), no_key=True).get(pk=extra.pk)
    if extra.withdrawn_at is not None:
        raise AllocationError("Cet exceptionnel a déjà été repris.")
    quota = Quota.objects.select_for_update(of=("self",), no_key=True).get(pk=extra.quota_id)
    if quota.week < current_week():
        raise AllocationError("La semaine de ce contingent est passée.")
    back: int = min(extra.standing, quota.remaining)
    if not back:
        raise AllocationError("Tout est déjà commandé\u00a0: il n’y a rien à reprendre.")
    Quota.objects.filter(pk=quota.pk).update(granted=F("granted") - back)
    Allocation.objects.filter(pk=quota.allocation_id).update(reserve=F("reserve") + back)
    extra.returned, extra.withdrawn_by, extra.withdrawn_at = back, by, timezone.now()
    extra.save()
    _record("orders.quota_extra_withdrawn", by, extra, back)
    announce_extra(extra)
    return back


def _require_right(by: User) -> None:
    if not by.may(Action.QUOTA_WRITE):
        raise AllocationError("Seule la cellule nationale fixe les contingents.")


def _read(quota: Quota) -> Quota:
    rows = Quota.objects.select_related("allocation", "beneficiary__establishment", "item")
    found: Quota = rows.get(pk=quota.pk)
    return found


def _require_giveable(quota: Quota, quantity: int, reason: str) -> None:
    if quota.week < current_week():
        raise AllocationError("La semaine de ce contingent est passée.")
    if not reason.strip():
        raise AllocationError("Dites pourquoi\u00a0: le bénéficiaire et son ARS lisent ce motif.")
    pack = quota.allocation.pack
    if quantity <= 0 or quantity % pack:
        raise AllocationError(
            f"Un exceptionnel est un nombre entier de colis de {format_integer(pack)}."
        )


def _require_small(quota: Quota, quantity: int) -> None:
    """Alone one gives no more than the largest of what the week allows and ``ALONE_PACKS``."""
    pack = quota.allocation.pack
    given = sum(one.standing for one in quota.extras.all())
    most = max(quota.granted - given, ALONE_PACKS * pack)
    if given + quantity > most:
        raise AllocationError(
            f"Une personne seule accorde au plus {counted(most, 'unités')} à un bénéficiaire par "
            "semaine. Au-delà, faites un ajustement individuel dans une répartition\u00a0: une "
            "personne la propose, une autre la publie."
        )


def _record(verb: str, by: User, extra: QuotaExtra, quantity: int) -> None:
    beneficiary = extra.quota.beneficiary
    record(
        verb,
        by=by,
        target=f"{extra.quota.item} – {beneficiary}",
        place=beneficiary.establishment,
        quantity=quantity,
        reason=extra.reason,
        week=extra.quota.week.isoformat(),
    )
