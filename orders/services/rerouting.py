"""The national cell turns a region, or the country, to Santé publique France, and back [004]."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from orders.models import Reroute
from orders.services.errors import OrderingError

ALREADY = "Ce territoire est déjà réacheminé vers Santé publique France."


def require_router(by: User) -> None:
    if not by.may(Action.ROUTE_WRITE):
        raise OrderingError("La cellule nationale seule change de logisticien.")


@transaction.atomic
def start_reroute(*, by: User, region: Region | None, reason: str) -> Reroute:
    """From now until it is ended. Journaled."""
    require_router(by)
    reason = reason.strip()
    if not reason:
        raise OrderingError("Dites pourquoi les commandes changent de logisticien.")
    if Reroute.objects.in_force().filter(region=region).exists():
        raise OrderingError(ALREADY)
    try:
        with transaction.atomic():
            reroute: Reroute = Reroute.objects.create(region=region, reason=reason, started_by=by)
    except IntegrityError as error:
        raise OrderingError(ALREADY) from error
    record("orders.reroute_started", by=by, target=reroute, reason=reason)
    return reroute


@transaction.atomic
def end_reroute(reroute: Reroute, *, by: User) -> Reroute:
    """New orders go the usual way; those already sent keep their warehouse. Journaled."""
    require_router(by)
    rows = Reroute.objects.select_for_update(of=("self",), no_key=True).select_related("region")
    row: Reroute = rows.get(pk=reroute.pk)
    if row.ended_at is not None:
        raise OrderingError("Ce réacheminement est déjà levé.")
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    record("orders.reroute_ended", by=by, target=row, reason=row.reason)
    return row
