"""What the reminders say, written from the rows as they are when the mail leaves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.agencies import agency_addresses
from accounts.models import Profile
from accounts.notices.mails import write
from establishments.models import Region
from medications.calendar import ReportingCalendar, calendars_of
from medications.sentences import due_sentence
from pui.models import Pui, Reminder, Transmission
from pui.models.reminding import Step
from pui.region.contacts import own_contact, people_of

DIGEST, AGENCY = "stock_reminders", "stock_reminders_agency"


@dataclass(frozen=True, slots=True)
class Owed:
    """One stock that is expected, as the mail tells it."""

    reminder: Reminder
    due: str
    link: str

    @property
    def is_handed_over(self) -> bool:
        return bool(self.reminder.step == Step.AGENCY)


def reminder_mail(
    numbers: Collection[int], profile_number: int | None, pui_number: int | None
) -> EmailMultiAlternatives | None:
    """All that one person owes; none when everything came, or when they left."""
    to, name = _addressee(profile_number, pui_number)
    owed = still_owed(numbers)
    if not to or not owed:
        return None
    context: dict[str, Any] = {
        "name": name,
        "owed": owed,
        "first": owed[0],
        "home_link": f"{settings.SITE_URL}{reverse('pui:home')}",
    }
    return write(DIGEST, to, context)


def _addressee(profile_number: int | None, pui_number: int | None) -> tuple[str, str]:
    """The address in force now, and who reads it."""
    if profile_number:
        profiles = Profile.objects.usable().select_related("user")
        profile = profiles.filter(pk=profile_number, user__is_active=True).first()
        return (profile.mail_address, str(profile.user)) if profile else ("", "")
    pui = Pui.objects.filter(pk=pui_number or 0).first()
    return (pui.contact_email, pui.contact_name) if pui else ("", "")


def still_owed(numbers: Collection[int]) -> list[Owed]:
    """Those of these reminders whose stock has not come, of pharmacies that are open."""
    came = Transmission.objects.filter(
        pui=OuterRef("pui"),
        monitored_list=OuterRef("monitored_list"),
        due_on__gte=OuterRef("due_on"),
        state=Transmission.State.CONFIRMED,
    )
    open_ones = Pui.objects.open_on(timezone.localdate())
    rows = Reminder.objects.filter(~Exists(came), pk__in=numbers, pui__in=open_ones)
    reminders = list(
        rows.select_related("pui__establishment", "monitored_list").order_by(
            "pui__sort_label", "pui", F("monitored_list__rank")
        )
    )
    calendars = calendars_of([one.monitored_list_id for one in reminders])
    return [_owed(one, calendars[one.monitored_list_id]) for one in reminders]


def _owed(reminder: Reminder, calendar: ReportingCalendar) -> Owed:
    path = reverse("pui:transmission", kwargs={"slug": reminder.monitored_list_id})
    link = f"{settings.SITE_URL}{path}?pui={reminder.pui_id}"
    return Owed(reminder, due_sentence(calendar.period(reminder.due_on)), link)


def agency_mail(region_code: str, pui_numbers: Sequence[int]) -> EmailMultiAlternatives | None:
    """The pharmacies that nobody could get an answer from: whom the ARS calls."""
    region = Region.objects.get(pk=region_code)
    to = agency_addresses(region)
    rows = Pui.objects.filter(pk__in=pui_numbers).open_on(timezone.localdate())
    puis = list(rows.select_related("establishment").order_by("sort_label", "pk"))
    if not to or not puis:
        return None
    people = people_of(puis)
    context = {
        "region": region,
        "puis": [
            (one, "\u00a0; ".join(filter(None, [own_contact(one), *map(str, people[one.pk])])))
            for one in puis
        ],
        "link": f"{settings.SITE_URL}{reverse('pui:reminders')}",
    }
    message = write(AGENCY, to[0], context)
    message.to = to
    return message
