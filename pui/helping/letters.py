"""What is written about requests for help: the agency is told what waits, the pharmacy its answer.

What waits is told of a whole region in one mail, written when it leaves: ten requests typed in a
row make one mail, and what was answered or withdrawn meanwhile is not in it. A request is told
once, then again when nobody answered for some working days; meanwhile it is only counted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.agencies import agency_addresses
from accounts.models import Profile, User
from accounts.notices.mails import write
from common.background import queue_unless_waiting
from common.working_days import working_days_after
from establishments.models import Region
from pui.helping.reading import BY_URGENCY
from pui.medicine import quantity_of
from pui.models import HelpRequest
from pui.region.contacts import people_of, recipients_of
from pui.sharing.letters import written

TELL: Final = "pui.tasks.helping.tell_agency_of_requests"
WAITING: Final = "help_waiting"
DIGEST_MINUTES: Final = 15  # what is asked meanwhile goes in the same mail
MOST: Final = 20  # requests in a mail
AGAIN_AFTER: Final = 3  # working days without an answer
State = HelpRequest.State


def tell_agency(request: HelpRequest) -> None:
    """Queue a mail to the agency: at once when care is at stake, else with what else is asked."""
    region = request.pui.establishment.region_id or ""
    is_urgent = request.urgency == HelpRequest.Urgency.TODAY
    lock = f"help-waiting-{region}-{'now' if is_urgent else 'soon'}"
    delay: Any = None if is_urgent else {"minutes": DIGEST_MINUTES}
    job = app.configure_task(TELL, queueing_lock=lock, schedule_in=delay)
    queue_unless_waiting(job, region=region)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The requests of a region that no one answered: those to tell now, how many were told."""

    new: list[HelpRequest]
    again: list[HelpRequest]
    already: int

    @property
    def told(self) -> list[HelpRequest]:
        return self.new + self.again


def waiting_in(region: Region | None, now: datetime) -> Waiting:
    """The most urgent first; locked: of two mails that leave together, one tells each request."""
    rows = unanswered().filter(pui__establishment__region=region)
    found = list(
        rows.select_for_update(of=("self",))
        .select_related("pui__establishment", "product", "reference")
        .order_by(BY_URGENCY, "asked_at", "pk")
    )
    new = [one for one in found if one.told_at is None]
    again = [one for one in found if is_due_again(one.told_at, now)]
    return Waiting(new, again, len(found) - len(new) - len(again))


def unanswered() -> QuerySet[HelpRequest]:
    rows: QuerySet[HelpRequest] = HelpRequest.objects.filter(state=State.WAITING)
    return rows


def is_due_again(told_at: datetime | None, now: datetime) -> bool:
    return told_at is not None and working_days_after(told_at, AGAIN_AFTER) <= now


def regions_to_tell_again(now: datetime) -> list[str]:
    """The codes of those where a request was told long ago and nobody answered."""
    rows = unanswered().exclude(told_at=None)
    told = rows.values_list(F("pui__establishment__region"), "told_at").order_by()
    return sorted({code or "" for code, told_at in told if is_due_again(told_at, now)})


def take_waiting_mail(
    region_code: str, now: datetime | None = None
) -> EmailMultiAlternatives | None:
    """What is new, then what nobody answered for long, the rest in a line; marked as told.

    None when nothing is to be told, or nobody to write to. The reasons are read on the page: people
    write what they will.
    """
    now = now or timezone.now()
    region = Region.objects.filter(pk=region_code).first()
    to, waiting = agency_addresses(region), waiting_in(region, now)
    if not to or not waiting.told:
        return None
    HelpRequest.objects.filter(pk__in=[one.pk for one in waiting.told]).update(told_at=now)
    message = write(WAITING, to[0], told_of(waiting))
    message.to = to
    return message


def told_of(waiting: Waiting) -> dict[str, Any]:
    shown_new = waiting.new[:MOST]
    shown_again = waiting.again[: MOST - len(shown_new)]
    return {
        "count": len(waiting.told),
        "is_new": bool(waiting.new),
        "new": lines_of(shown_new),
        "again": lines_of(shown_again),
        "others": len(waiting.told) - len(shown_new) - len(shown_again),
        "already": waiting.already,
        "link": f"{settings.SITE_URL}{reverse('pui:help')}",
    }


def lines_of(requests: Collection[HelpRequest]) -> list[tuple[HelpRequest, str]]:
    return [(one, quantity_of(one.quantity, one.unit)) for one in requests]


def answer_letter(request: HelpRequest, sender: str) -> tuple[str, str]:
    """Subject and text."""
    path = reverse("pui:help_request", args=[request.pk])
    return written(
        "notices/help_answered.txt",
        {
            "pui": request.pui,
            "site": request.pui.establishment,
            "label": request.label,
            "quantity": quantity_of(request.quantity, request.unit),
            "state": request.get_state_display(),
            "answer": request.answer,
            "sender": sender,
            "link": f"{settings.SITE_URL}{path}",
        },
    )


def answered_to(request: HelpRequest, by: User) -> list[str]:
    """The person who asked, while they still work there; else those who declare.

    Asked by the agency for a pharmacy that called it, the pharmacy reads the answer all the same.
    """
    profiles = Profile.objects.usable().filter(pk=request.profile_id, user__is_active=True)
    profile = profiles.exclude(user=by).select_related("user").first()
    asker = [profile.mail_address] if profile else []
    if profile and profile.body_id is None:
        return asker
    people = people_of([request.pui])[request.pui_id]
    return list(dict.fromkeys(asker + recipients_of(request.pui, people)))
