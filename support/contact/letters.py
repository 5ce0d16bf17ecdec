"""The mails of a request: its number and where to read it, never what was written in it.

An address outside the platform (``desk``: a pivot hospital, the national cell) cannot open the
page: it alone is written the request itself.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from support.contact.links import LASTS_DAYS, link_of_asker
from support.models import Service, Ticket, TicketMessage

LASTS: Final = timedelta(days=LASTS_DAYS)


def tell_received(ticket: Ticket) -> None:
    """To who asked: the number, who answers, by when."""
    _to_asker("notices/ticket_received.txt", ticket)


def tell_answered(ticket: Ticket) -> None:
    """To who asked: there is something to read."""
    _to_asker("notices/ticket_answered.txt", ticket)


def tell_moved(ticket: Ticket) -> None:
    """To who asked: another service answers."""
    _to_asker("notices/ticket_moved.txt", ticket)


def tell_ended(ticket: Ticket) -> None:
    """To who asked: closed, for want of an answer of theirs."""
    _to_asker("notices/ticket_ended.txt", ticket)


def tell_closed(ticket: Ticket) -> None:
    """To who asked: closed by the service, where its reason and the last answer are, what then."""
    answers = ticket.messages.filter(kind=TicketMessage.Kind.ANSWER)
    last = answers.aggregate(last=Max("at"))["last"]
    _to_asker("notices/ticket_closed.txt", ticket, answered_at=last, start=_start())


def tell_merged(duplicate: Ticket, kept: Ticket) -> None:
    """To who asked twice: which number goes on, by a mail to the address of that one alone."""
    _to_asker("notices/ticket_merged.txt", kept, duplicate=duplicate)


def tell_link(ticket: Ticket) -> None:
    """To who asked for the link again."""
    _to_asker("notices/ticket_link.txt", ticket)


def tell_service(ticket: Ticket, *, is_new: bool) -> None:
    """To the mailbox of the service, or to who follows the request once somebody does."""
    page = f"{settings.SITE_URL}{reverse('support:inbox_ticket', args=[ticket.pk])}"
    _queue("notices/ticket_waiting.txt", service_addresses(ticket), ticket, link=page, new=is_new)


def tell_desk(ticket: Ticket, text: str) -> None:
    """To an address outside: what was asked, and how to reach who asked."""
    if ticket.desk:
        _queue("notices/ticket_desk.txt", [ticket.desk], ticket, text=text)


def service_addresses(ticket: Ticket) -> list[str]:
    """Who follows it, else the mailbox of its service; the support where there is none."""
    if ticket.assigned_to and ticket.assigned_to.is_active:
        return [ticket.assigned_to.email]
    found: list[str] = []
    if ticket.service == Service.AGENCY and ticket.body:
        found = agency_addresses(ticket.body.region)
    elif ticket.service == Service.SPF and ticket.body and ticket.body.mailbox:
        found = [ticket.body.mailbox]
    return found or [settings.CONTACT_EMAIL]


def asker_address(ticket: Ticket) -> str:
    """Of the profile under which it was opened; of the account; as the visitor wrote it.

    Empty for an account closed or suspended since: nobody would open the page.
    """
    if ticket.opened_by is None:
        return ticket.email
    if not ticket.opened_by.is_active:
        return ""
    return ticket.profile.mail_address if ticket.profile else ticket.opened_by.email


def _to_asker(template: str, ticket: Ticket, **words: Any) -> None:
    lasts = None if ticket.opened_by_id else LASTS
    words |= {"link": link_of_asker(ticket), "days": LASTS_DAYS}
    _queue(template, [asker_address(ticket)], ticket, lasts=lasts, **words)


def _start() -> str:
    return f"{settings.SITE_URL}{reverse('support:contact')}"


def _queue(
    template: str,
    addresses: Iterable[str],
    ticket: Ticket,
    *,
    lasts: timedelta | None = None,
    **words: Any,
) -> None:
    words |= {"ticket": ticket}
    subject, _, body = render(template, words).strip().partition("\n")
    text = render("notices/frame.txt", {**words, "body": body.strip()}).strip()
    for address in dict.fromkeys(filter(None, addresses)):
        head = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
        queue_written(head, text, address, lasts=lasts)
