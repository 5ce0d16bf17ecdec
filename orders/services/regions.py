"""Which regions the State stock serves, from when to when: the national cell says it [002]."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from orders.models import ServedRegion
from orders.services.beneficiaries import refresh_beneficiaries
from orders.services.errors import OrderingError

ONE_DAY = timedelta(days=1)
NATIONAL = "Seule la cellule nationale dit quelles régions sont servies."


def span_on(region: Region, day: date) -> ServedRegion | None:
    """The span that holds that day, or the next to come."""
    spans = ServedRegion.objects.filter(region=region).exclude(ends_on__lt=day)
    found: ServedRegion | None = spans.order_by("starts_on").first()
    return found


@transaction.atomic
def serve_region(*, by: User, region: Region, starts_on: date) -> ServedRegion:
    """Serve a region from a day on; journaled."""
    _require_national(by)
    _require_day(starts_on)
    if span := span_on(region, starts_on):
        raise OrderingError(
            f"{region} est déjà servie à partir du {max(span.starts_on, starts_on):%d/%m/%Y}."
        )
    try:
        with transaction.atomic():
            row: ServedRegion = ServedRegion.objects.create(region=region, starts_on=starts_on)
    except IntegrityError as refusal:
        raise OrderingError(f"{region} vient d’être ouverte par une autre personne.") from refusal
    record("orders.region_served", by=by, target=region, starts_on=starts_on.isoformat())
    _follow(by, starts_on)
    return row


@transaction.atomic
def stop_region(*, by: User, region: Region, stops_on: date) -> None:
    """Serve a region no more from a day on; its orders already sent go on; journaled."""
    _require_national(by)
    _require_day(stops_on)
    spans = ServedRegion.objects.select_for_update(no_key=True)
    span = spans.filter(region=region).exclude(ends_on__lt=stops_on).order_by("starts_on").first()
    if span is None:
        raise OrderingError(f"{region} n’est déjà plus servie ce jour-là.")
    if span.starts_on >= stops_on:
        span.delete()
    else:
        span.ends_on = stops_on - ONE_DAY
        span.save(update_fields=["ends_on"])
    record("orders.region_stopped", by=by, target=region, starts_on=stops_on.isoformat())
    _follow(by, stops_on)


def _follow(by: User, day: date) -> None:
    """What holds from today reaches the list at once; the rest, the night before its day."""
    if day <= timezone.localdate():
        refresh_beneficiaries(by=by)


def _require_national(by: User) -> None:
    if not by.perimeter_to(Action.QUOTA_WRITE).is_national:
        raise OrderingError(NATIONAL)


def _require_day(day: date) -> None:
    if day < timezone.localdate():
        raise OrderingError(
            "Une décision ne vaut pas pour le passé\u00a0: au plus tôt aujourd’hui."
        )
