"""What is written of a share-out: to the agencies that adjust it, to the pharmacies it serves.

Each event is one job, written from the rows as they are when it runs: what is no longer so is not
told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from procrastinate.contrib.django import app

from accounts.agencies import agency_addresses
from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from common.background import queue_unless_waiting
from establishments.mailboxes import national_mailboxes
from pui.medicine import quantity_of
from pui.models import PharmacyShare, RegionalShare, ShareOut
from pui.region.contacts import people_of, recipients_of

ANNOUNCE: Final = "pui.tasks.sharing.announce_share_out"
State = ShareOut.State
Mail = tuple[str, str, str]  # subject, text, address


class Event(StrEnum):
    """What somebody has to act on."""

    OPENED = "opened"  # the agencies adjust
    READY = "ready"  # every agency is done: the national cell publishes
    PUBLISHED = "published"  # the pharmacies receive
    CANCELLED = "cancelled"  # what was announced does not come


def announce(share_out: ShareOut, event: Event) -> None:
    """Queue the mails: one job writes them all, once what they tell is committed."""
    lock = f"share-out-{share_out.pk}-{event.value}"
    job = app.configure_task(ANNOUNCE, queueing_lock=lock)
    queue_unless_waiting(job, share_out=share_out.pk, event=event.value)


def queue_announcements(share_out_id: int, event: Event = Event.PUBLISHED) -> int:
    """Queue the mails of an event; say how many. None once it is no longer so."""
    share_out = ShareOut.objects.select_related("product", "reference").get(pk=share_out_id)
    mails = list(WRITERS[event](share_out))
    for subject, text, address in mails:
        queue_written(subject, text, address)
    return len(mails)


def opened_mails(share_out: ShareOut) -> Iterator[Mail]:
    """To each agency that has something to share out and is not done."""
    if share_out.state == State.ADJUSTING:
        for one in agencies_of(share_out).filter(done_at=None):
            subject, text = written(
                "notices/share_out_opened.txt",
                told(share_out, one.total)
                | {
                    "region": one.region,
                    "closes_on": share_out.closes_on,
                    "note": share_out.note,
                    "link": link("pui:sharing_region", share_out.pk, one.region_id),
                },
            )
            yield from to_each(subject, text, agency_addresses(one.region))


def ready_mails(share_out: ShareOut) -> Iterator[Mail]:
    """To the national cell, once the last agency said that it is done."""
    waiting = agencies_of(share_out).filter(done_at=None).exists()
    if share_out.state == State.ADJUSTING and not waiting:
        context = told(share_out, share_out.quantity)
        context["link"] = link("pui:sharing_detail", share_out.pk)
        subject, text = written("notices/share_out_ready.txt", context)
        yield from to_each(subject, text, national_mailboxes())


def published_mails(share_out: ShareOut) -> Iterator[Mail]:
    """To each person who confirms receptions."""
    if share_out.state == State.PUBLISHED:
        for share, addresses in served_by(share_out):
            yield from to_each(*letter(share), addresses)


def cancelled_mails(share_out: ShareOut) -> Iterator[Mail]:
    """To whom it was announced: the agencies, and the pharmacies once it was published."""
    if share_out.state != State.CANCELLED:
        return
    context = told(share_out, share_out.quantity) | {"reason": share_out.cancel_reason}
    subject, text = written(
        "notices/share_out_cancelled.txt",
        context | {"link": link("pui:sharing")},
    )
    for one in agencies_of(share_out):
        yield from to_each(subject, text, agency_addresses(one.region))
    if share_out.published_at:
        for share, addresses in served_by(share_out):
            page = {"pui": share.pui, "link": link("pui:sharing_receive", share.pk)}
            words = written("notices/share_out_cancelled.txt", context | page)
            yield from to_each(*words, addresses)


WRITERS: Final[Mapping[Event, Callable[[ShareOut], Iterator[Mail]]]] = {
    Event.OPENED: opened_mails,
    Event.READY: ready_mails,
    Event.PUBLISHED: published_mails,
    Event.CANCELLED: cancelled_mails,
}


def agencies_of(share_out: ShareOut) -> QuerySet[RegionalShare]:
    rows = RegionalShare.objects.filter(share_out=share_out, total__gt=0)
    return rows.select_related("region").order_by("pk")


def served_by(share_out: ShareOut) -> Iterator[tuple[PharmacyShare, list[str]]]:
    """The parts of the pharmacies that are served, each with its addresses."""
    served = PharmacyShare.objects.filter(share_out=share_out, quantity__gt=0)
    related = ("share_out__product", "share_out__reference", "pui__establishment")
    shares = list(served.select_related(*related))
    people = people_of([one.pui for one in shares])
    for one in shares:
        yield one, recipients_of(one.pui, people[one.pui_id])


def to_each(subject: str, text: str, addresses: Iterable[str]) -> Iterator[Mail]:
    return ((subject, text, one) for one in dict.fromkeys(filter(None, addresses)))


def told(share_out: ShareOut, quantity: int) -> dict[str, Any]:
    """What every mail of a share-out says."""
    return {"label": share_out.label, "quantity": quantity_of(quantity, share_out.unit)}


def link(name: str, *key: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=key)}"


def letter(share: PharmacyShare) -> tuple[str, str]:
    """Subject and text."""
    place = {"pui": share.pui, "site": share.pui.establishment}
    page = {"link": link("pui:sharing_receive", share.pk)}
    return written(
        "notices/share_out_published.txt", told(share.share_out, share.quantity) | place | page
    )


def written(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """The first line of the template is the subject; the frame is that of every mail."""
    subject, _, body = render(template, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()})
    return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip()
