"""What a mail says of a message: whose, about what, for when, its first lines, where to read it."""

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.notices.mails import write
from accounts.notices.sending import NotSentError
from steering.messages.sentences import days_sentence
from steering.models import Mailing, Message

TEMPLATE = "message"
EXCERPT = 400


def letter(mailing: Mailing, message: Message, text: str) -> EmailMultiAlternatives:
    """That of its sending, or a reminder."""
    context = context_of(message, text) | {"is_reminder": mailing.is_reminder}
    return write(TEMPLATE, mailing.profile.mail_address, context)


def trial(message: Message, text: str, to: str) -> EmailMultiAlternatives:
    """What the recipients would receive, to look at."""
    return write(TEMPLATE, to, context_of(message, text) | {"is_trial": True})


def reminder(message: Message, to: str) -> EmailMultiAlternatives:
    """What who has not answered receives."""
    return write(TEMPLATE, to, context_of(message, "") | {"is_reminder": True})


def context_of(message: Message, text: str) -> dict[str, Any]:
    return {
        "message": message,
        "sender": message.sender,
        "days": days_sentence(message),
        "excerpt": cut(text),
        "link": f"{settings.SITE_URL}{reverse('steering:message', args=[message.pk])}",
    }


def cut(text: str) -> str:
    """The first lines, up to a whole word."""
    if len(text) <= EXCERPT:
        return text
    return f"{text[:EXCERPT].rsplit(None, 1)[0]}…"


def send_letter(mail: EmailMultiAlternatives, number: int) -> None:
    """Hand it over under a number of its own: what leaves twice is shown once."""
    digest = salted_hmac("steering.mailing", str(number), algorithm="sha256").hexdigest()[:24]
    host = urlsplit(settings.SITE_URL).hostname
    mail.extra_headers["Message-ID"] = f"<message-{number}.{digest}@{host}>"
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        mail.send()
    except (OSError, SMTPException, ValueError) as error:
        raise NotSentError(type(error).__name__) from None
