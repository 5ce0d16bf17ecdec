"""Write to late pharmacies: those that still are, once a day at most, whoever asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from establishments.perimeter import Action
from journal.services import entry_of, record_all
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import MonitoredList
from medications.sentences import due_sentence
from pui.models import Pui, Reminder
from pui.region.contacts import own_contact
from pui.region.late import LatePui, described, late_puis
from pui.stock.freshness import required_day

TEMPLATE = "notices/stock_reminder.txt"


class RemindingError(Exception):
    """Nobody was written to. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a late pharmacy receives."""

    pui: Pui
    subject: str
    text: str
    recipients: Sequence[str]


def letters_for(
    *, by: User, monitored_list: MonitoredList, pui_ids: Collection[int], now: datetime
) -> list[Letter]:
    """The letters that would leave: those of the pharmacies asked for that may be reminded now."""
    calendar = calendar_of(monitored_list)
    late = late_puis(by, monitored_list, calendar, now, to=Action.REMIND_SEND)
    told = described(late.filter(pk__in=pui_ids), monitored_list, calendar, now)
    return [_letter(one, by, monitored_list, calendar, now) for one in told if one.may_be_reminded]


def _letter(
    late: LatePui,
    by: User,
    monitored_list: MonitoredList,
    calendar: ReportingCalendar,
    now: datetime,
) -> Letter:
    pui = late.pui
    period = calendar.period(required_day(calendar, now))
    slug = monitored_list.pk
    path = f"{reverse('pui:transmission', kwargs={'slug': slug})}?pui={pui.pk}"
    context: dict[str, Any] = {
        "pui": pui,
        "site": pui.establishment,
        "list": monitored_list,
        "due": due_sentence(period),
        "closes": due_sentence(calendar.period(calendar.next_due(period.due_on))),
        "freshness": late.freshness.text,
        "link": f"{settings.SITE_URL}{path}",
        "sender": str(by.active_profile.body if by.active_profile else ""),
        "contact_known": own_contact(pui),
    }
    subject, _, body = render(TEMPLATE, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()})
    prefixed = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
    return Letter(pui, prefixed, text.strip(), late.recipients)


@transaction.atomic
def send_reminders(
    *,
    by: User,
    monitored_list: MonitoredList,
    pui_ids: Collection[int],
    now: datetime | None = None,
) -> list[Pui]:
    """Write to each of these pharmacies that is still late, unless somebody did today; journaled.

    Raise ``RemindingError`` when none is left to write to. Return those written to.
    """
    now = now or timezone.now()
    letters = letters_for(by=by, monitored_list=monitored_list, pui_ids=pui_ids, now=now)
    due_on = required_day(calendar_of(monitored_list), now)
    sent = [one for one in letters if _is_first_today(one, by, monitored_list, due_on, now)]
    if not sent:
        raise RemindingError(
            "Aucune de ces PUI n’est à relancer\u00a0: elle a transmis, a déjà été relancée "
            "aujourd’hui, ou n’a pas d’adresse de courriel."
        )
    for letter in sent:
        for address in letter.recipients:
            queue_written(letter.subject, letter.text, address)
    record_all(
        [
            entry_of(
                "pui.reminded",
                by=by,
                target=letter.pui,
                place=letter.pui.establishment,
                list=monitored_list.pk,
                due=due_on.isoformat(),
                recipients=len(letter.recipients),
            )
            for letter in sent
        ]
    )
    return [one.pui for one in sent]


def _is_first_today(
    letter: Letter, by: User, monitored_list: MonitoredList, due_on: date, now: datetime
) -> bool:
    """Of two colleagues at once, one writes: the database keeps one reminder a day."""
    _, created = Reminder.objects.get_or_create(
        pui=letter.pui,
        monitored_list=monitored_list,
        day=timezone.localdate(now),
        defaults={"due_on": due_on, "sent_by": by, "recipients": len(letter.recipients)},
    )
    return created
