"""A closed week is typed again only when an ARS or the national cell reopens it, with a reason."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS, current_week, week_label
from epi_stocks.calendar import calendar_of
from epi_stocks.models import WeeklyInventory
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record

LONGEST = timedelta(days=31)
SHORTEST_REASON = 5


class ReopeningError(Exception):
    """The week stays closed. The message is written for the person, in French."""


@transaction.atomic
def reopen_week(
    *,
    by: User,
    establishment: Establishment,
    week: date,
    reason: str,
    until: datetime,
    now: datetime | None = None,
) -> WeeklyInventory:
    """Let one establishment type a closed week until a date; journaled. Raise ``ReopeningError``.

    Reopening again moves the end; ``end_reopening`` closes at once.
    """
    now = now or timezone.now()
    reason = reason.strip()
    require_right(by, establishment)
    if len(reason) < SHORTEST_REASON:
        raise ReopeningError("Écrivez le motif de la réouverture : il est conservé au journal.")
    if week >= current_week(now) or calendar_of(week).is_open(now):
        raise ReopeningError(f"La semaine {week_label(week)} est encore ouverte à la saisie.")
    if not now < until <= now + LONGEST:
        raise ReopeningError("La réouverture doit finir dans les 31 jours, et pas dans le passé.")
    header: WeeklyInventory
    header, _ = WeeklyInventory.objects.select_for_update().get_or_create(
        week=week, establishment=establishment
    )
    header.reopened_until, header.reopened_by, header.reason = until, by, reason
    header.save(update_fields=["reopened_until", "reopened_by", "reason"])
    record(
        "epi_stocks.week_reopened",
        by=by,
        target=header,
        place=establishment,
        week=week.isoformat(),
        until=until.astimezone(PARIS).isoformat(timespec="minutes"),
        reason=reason,
    )
    return header


@transaction.atomic
def end_reopening(
    *, by: User, establishment: Establishment, week: date, now: datetime | None = None
) -> bool:
    """Close a reopened week at once. False: it was not reopened any more."""
    now = now or timezone.now()
    require_right(by, establishment)
    headers = WeeklyInventory.objects.filter(week=week, establishment=establishment)
    is_ended = bool(headers.filter(reopened_until__gt=now).update(reopened_until=now))
    if is_ended:
        record(
            "epi_stocks.reopening_ended",
            by=by,
            target=f"{establishment} – semaine du {week:%d/%m/%Y}",
            place=establishment,
            week=week.isoformat(),
        )
    return is_ended


def require_right(by: User, establishment: Establishment) -> None:
    places = Establishment.objects.for_user(by, to=Action.EPI_REOPEN)
    if not places.filter(pk=establishment.pk).exists():
        raise ReopeningError("Seuls l’ARS de la région et le niveau national rouvrent une semaine.")
