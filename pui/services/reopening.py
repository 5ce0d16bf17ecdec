"""A closed due day is declared again only when an ARS or the national cell reopens it, with a
reason, for one pharmacy.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS
from establishments.perimeter import Action
from journal.services import record
from medications.calendar import NotDueError, calendar_of
from medications.models import MonitoredList
from pui.models import Pui, Reopening

LONGEST = timedelta(days=31)
SHORTEST_REASON = 5


class ReopeningError(Exception):
    """The due day stays closed. The message is written for the person, in French."""


@transaction.atomic
def reopen_due_day(
    *,
    by: User,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date,
    reason: str,
    until: datetime,
    now: datetime | None = None,
) -> Reopening:
    """Let one pharmacy declare a closed due day until a moment; journaled.

    Raise ``ReopeningError``. Reopening again moves the end; ``end_reopening`` closes at once.
    """
    now = now or timezone.now()
    reason = reason.strip()
    require_right(by, pui)
    require_reason(reason)
    require_closed(pui, monitored_list, due_on, now)
    require_end(until, now)
    Pui.objects.select_for_update().get(pk=pui.pk)
    row: Reopening
    row, _ = Reopening.objects.update_or_create(
        pui=pui,
        monitored_list=monitored_list,
        due_on=due_on,
        defaults={"until": until, "reason": reason, "by": by},
    )
    record(
        "pui.due_day_reopened",
        by=by,
        target=row,
        place=pui.establishment,
        list=monitored_list.pk,
        due=due_on.isoformat(),
        until=until.astimezone(PARIS).isoformat(timespec="minutes"),
        reason=reason,
    )
    return row


def require_reason(reason: str) -> None:
    if len(reason) < SHORTEST_REASON:
        raise ReopeningError(
            "Écrivez le motif de la réouverture\u00a0: il est conservé au journal."
        )


def require_end(until: datetime, now: datetime) -> None:
    if not now < until <= now + LONGEST:
        raise ReopeningError("La réouverture doit finir dans les 31 jours, et pas dans le passé.")


@transaction.atomic
def end_reopening(*, by: User, reopening: Reopening, now: datetime | None = None) -> bool:
    """Close a reopened due day at once. False: it was not open any more."""
    now = now or timezone.now()
    require_right(by, reopening.pui)
    still_open = Reopening.objects.filter(pk=reopening.pk, until__gt=now)
    is_ended = bool(still_open.update(until=now))
    if is_ended:
        record(
            "pui.reopening_ended",
            by=by,
            target=reopening,
            place=reopening.pui.establishment,
            list=reopening.monitored_list_id,
            due=reopening.due_on.isoformat(),
        )
    return is_ended


def require_right(by: User, pui: Pui) -> None:
    if not Pui.objects.for_user(by, to=Action.MED_REOPEN).filter(pk=pui.pk).exists():
        raise ReopeningError(
            "Seuls l’ARS de la région et le niveau national rouvrent une échéance close."
        )


def require_closed(pui: Pui, monitored_list: MonitoredList, due_on: date, now: datetime) -> None:
    """One that is still open, or on which this pharmacy was not, needs no reopening."""
    if not pui.is_open:
        raise ReopeningError(f"{pui} est fermée\u00a0: elle ne déclare plus.")
    try:
        period = calendar_of(monitored_list).period(due_on)
    except NotDueError as refusal:
        raise ReopeningError(str(refusal)) from refusal
    if now < period.closes_at:
        raise ReopeningError(f"L’échéance du {due_on:%d/%m/%Y} n’est pas close.")
    if not pui.was_open_on(due_on):
        raise ReopeningError(f"{pui} n’était pas ouverte le {due_on:%d/%m/%Y}.")


def reopenings_of(pui: Pui, monitored_list: MonitoredList, now: datetime) -> list[Reopening]:
    """The due days that this pharmacy may declare again now, the latest first."""
    rows = Reopening.objects.filter(pui=pui, monitored_list=monitored_list, until__gt=now)
    return list(rows.select_related("by", "pui__establishment").order_by("-due_on"))
