"""What is written to the pharmacies that a published share-out serves."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django import app

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from pui.medicine import quantity_of
from pui.models import PharmacyShare, ShareOut
from pui.region.contacts import Person, people_of

ANNOUNCE = "pui.tasks.sharing.announce_share_out"
TEMPLATE = "notices/share_out_published.txt"


def announce(share_out: ShareOut) -> None:
    """Queue the mails: one job writes them all, once the publication is committed."""
    app.configure_task(ANNOUNCE).defer(share_out=share_out.pk)


def queue_announcements(share_out_id: int) -> int:
    """Queue a mail for each person who confirms receptions; say how many. None once cancelled."""
    served = PharmacyShare.objects.filter(
        share_out=share_out_id, share_out__state=ShareOut.State.PUBLISHED, quantity__gt=0
    )
    shares = list(
        served.select_related("share_out__product", "share_out__reference", "pui__establishment")
    )
    people = people_of([one.pui for one in shares])
    sent = 0
    for one in shares:
        subject, text = letter(one)
        for address in recipients(one, people[one.pui_id]):
            queue_written(subject, text, address)
            sent += 1
    return sent


def recipients(share: PharmacyShare, people: list[Person]) -> list[str]:
    """Those who declare; without any, the pharmacy's own address."""
    declarants = [one.email for one in people if one.kind == "GF"]
    return list(dict.fromkeys(declarants or filter(None, [share.pui.contact_email])))


def letter(share: PharmacyShare) -> tuple[str, str]:
    """Subject and text."""
    context: dict[str, Any] = {
        "pui": share.pui,
        "site": share.pui.establishment,
        "label": share.share_out.label,
        "quantity": quantity_of(share.quantity, share.share_out.unit),
        "link": f"{settings.SITE_URL}{reverse('pui:sharing_receive', args=[share.pk])}",
    }
    return written(TEMPLATE, context)


def written(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """The first line of the template is the subject; the frame is that of every mail."""
    subject, _, body = render(template, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()})
    return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip()
