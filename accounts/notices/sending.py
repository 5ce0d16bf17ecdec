"""Hand a mail over to the SMTP server, once, whatever happens to the worker."""

import logging
from email.errors import MessageError
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import SentMail

logger = logging.getLogger(__name__)


class NotSentError(Exception):
    """The server did not take the mail. It says what kind of failure, never whose address."""


@transaction.atomic
def send_once(message: EmailMultiAlternatives, job: int) -> bool:
    """Send the mail of a job, unless it has left already; say whether it left now.

    The mark and the hand-over stand or fall together. A worker that dies between the two leaves a
    mail that may come twice under one Message-ID, which mailboxes show once.
    """
    _, is_first = SentMail.objects.get_or_create(job=job)
    if not is_first:
        return False
    message.extra_headers["Message-ID"] = message_id(job)
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (OSError, SMTPException, MessageError, ValueError) as error:
        raise NotSentError(type(error).__name__) from None
    return True


def message_id(job: int) -> str:
    """The same for each attempt of a job, and nobody else's."""
    digest = salted_hmac("accounts.notices", str(job), algorithm="sha256").hexdigest()[:24]
    return f"<{job}.{digest}@{urlsplit(settings.SITE_URL).hostname}>"
