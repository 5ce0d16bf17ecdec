"""What is written about requests for help: the agency is told what waits, the pharmacy its answer.

What waits is told of a whole region in one mail, written when it leaves: ten requests typed in a
row make one mail, and what was answered or withdrawn meanwhile is not in it.
"""

from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from procrastinate.contrib.django import app

from accounts.agencies import agency_addresses
from accounts.models import Profile, User
from accounts.notices.mails import write
from common.background import queue_unless_waiting
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
State = HelpRequest.State


def tell_agency(request: HelpRequest) -> None:
    """Queue a mail to the agency: at once when care is at stake, else with what else is asked."""
    region = request.pui.establishment.region_id or ""
    is_urgent = request.urgency == HelpRequest.Urgency.TODAY
    lock = f"help-waiting-{region}-{'now' if is_urgent else 'soon'}"
    delay: Any = None if is_urgent else {"minutes": DIGEST_MINUTES}
    job = app.configure_task(TELL, queueing_lock=lock, schedule_in=delay)
    queue_unless_waiting(job, region=region)


def waiting_mail(region_code: str) -> EmailMultiAlternatives | None:
    """All that waits in a region, the most urgent first; none when everything was answered.

    The reasons are read on the page: people write what they will.
    """
    region = Region.objects.filter(pk=region_code).first()
    to = agency_addresses(region)
    rows = HelpRequest.objects.filter(state=State.WAITING, pui__establishment__region=region)
    found = list(
        rows.select_related("pui__establishment", "product", "reference").order_by(
            BY_URGENCY, "asked_at", "pk"
        )
    )
    if not to or not found:
        return None
    context = {
        "count": len(found),
        "requests": [(one, quantity_of(one.quantity, one.unit)) for one in found[:MOST]],
        "others": len(found) - len(found[:MOST]),
        "link": f"{settings.SITE_URL}{reverse('pui:help')}",
    }
    message = write(WAITING, to[0], context)
    message.to = to
    return message


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
