"""Which weeks and which establishments a file may declare: the template offers nothing else."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from epi_stocks.calendar import calendar_of, selectable_weeks
from epi_stocks.models import CentralCoverage, WeeklyInventory
from establishments.models import Establishment
from establishments.perimeter import Action


def open_weeks(user: User, now: datetime | None = None) -> list[date]:
    """The weeks still open, and those reopened for a place the person fills; the latest first."""
    now = now or timezone.now()
    found = {week for week in selectable_weeks(now) if calendar_of(week).is_open(now)}
    reopened = WeeklyInventory.objects.filter(
        reopened_until__gt=now,
        establishment__in=Establishment.objects.for_user(user, to=Action.EPI_WRITE).open(),
    )
    return sorted(found.union(reopened.values_list("week", flat=True)), reverse=True)


def places_to_declare(
    user: User, week: date, now: datetime | None = None
) -> QuerySet[Establishment]:
    """Those the person fills, that no other declares for; once the week closed, those reopened."""
    now = now or timezone.now()
    places = Establishment.objects.for_user(user, to=Action.EPI_WRITE).open()
    places = places.exclude(pk__in=CentralCoverage.objects.on(week).values("covered"))
    if calendar_of(week).is_open(now):
        return places
    reopened = WeeklyInventory.objects.filter(week=week, reopened_until__gt=now)
    return places.filter(pk__in=reopened.values("establishment"))
