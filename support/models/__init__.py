"""Help: guides, questions and answers, forum, requests for assistance."""

from support.models.canned_answer import CannedAnswer
from support.models.mailbox_change import MailboxChange
from support.models.subject import Priority, Service, Subject
from support.models.ticket import Ticket
from support.models.ticket_message import Screenshot, TicketMessage

__all__ = [
    "CannedAnswer",
    "MailboxChange",
    "Priority",
    "Screenshot",
    "Service",
    "Subject",
    "Ticket",
    "TicketMessage",
]
