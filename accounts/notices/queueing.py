"""The mails of the circuits: named here, queued in the transaction of what they tell, sent later.

``notify`` keeps numbers only; the task worker reads the rows again when it writes the mail, so that
no link nor address waits in the queue, and a mail about what was rolled back never leaves.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from procrastinate.contrib.django import app

from common.background import queue_unless_waiting

SEND = "accounts.tasks.send_notice"


class Notice(StrEnum):
    """What a mail is about; the value names its template, ``templates/notices/<value>.txt``."""

    REQUEST_RECEIVED = "request_received"  # to the person: what they asked, who decides
    REQUESTS_WAITING = "requests_waiting"  # to one who decides: one or many, in one mail
    REQUESTS_REMINDER = "requests_reminder"  # to one who decides: three days, seven days
    REQUESTS_ESCALATED = "requests_escalated"  # to the ARS: nobody decided in seven days
    REQUESTS_MAILBOX = "requests_mailbox"  # to the mailbox of an ARS where nobody decides yet
    REQUEST_DECIDED = "request_decided"  # to the person: accepted or refused, and why
    REQUEST_SECOND = "request_second"  # to the others of the country: a second person is needed
    INVITATION = "invitation"  # to the invited person: the link
    INVITATION_ACCEPTED = "invitation_accepted"  # to whoever invited
    INVITATION_TO_CONFIRM = "invitation_to_confirm"  # to the others of the country
    PROFILE_CREATED = "profile_created"
    PROFILE_SUSPENDED = "profile_suspended"
    PROFILE_REOPENED = "profile_reopened"
    PROFILE_ENDED = "profile_ended"
    PROFILE_CONTACT_CHANGED = "profile_contact_changed"  # by somebody else
    HABILITATION_GRANTED = "habilitation_granted"
    HABILITATION_CHANGED = "habilitation_changed"
    HABILITATION_REVOKED = "habilitation_revoked"
    ACCOUNT_UNLOCKED = "account_unlocked"
    FACTOR_REMOVED = "factor_removed"
    IDENTITY_CHANGED = "identity_changed"  # names or phone changed on one's account
    ACCOUNT_CLOSED = "account_closed"


def notify(notice: Notice, number: int, *, about: int | None = None) -> None:
    """Queue a mail about the row ``number``: what kind of row, the notice tells.

    ``about`` is the person (their number) when the row does not say who receives the mail.
    """
    app.configure_task(SEND).defer(notice=notice.value, number=number, about=about)


def notify_all(notice: Notice, numbers: Sequence[int]) -> None:
    """Queue the same mail about many rows, in one statement."""
    if numbers:
        jobs: list[dict[str, Any]] = [
            {"notice": notice.value, "number": one, "about": None} for one in numbers
        ]
        app.configure_task(SEND).batch_defer(*jobs)


def notify_once(notice: Notice, number: int) -> None:
    """Queue a mail unless the same one is waiting to leave."""
    job = app.configure_task(SEND, queueing_lock=f"{notice.value}-{number}")
    queue_unless_waiting(job, notice=notice.value, number=number, about=None)
