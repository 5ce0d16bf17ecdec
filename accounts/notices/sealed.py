"""Mails that are written at once, with a code or a link inside: sealed while they wait.

The queue is kept with the database, its backups too: nobody opens an account with what they read
there. Without the secret of the deployment, or a former one, the seal does not open.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.notices.letters.letter import Letter
from accounts.notices.mails import mail, write
from accounts.seal import seal_of

SEND = "accounts.tasks.send_sealed"
PURPOSE = "accounts.notices.sealed"


def queue_written(subject: str, text: str, to: str, *, lasts: timedelta | None = None) -> None:
    """Queue a mail as it is written; once ``lasts`` is over it is of no use and does not leave."""
    until = (timezone.now() + lasts).isoformat() if lasts else None
    words = json.dumps({"subject": subject, "text": text, "to": to, "until": until})
    app.configure_task(SEND).defer(sealed=seal_of(PURPOSE).encrypt(words.encode()).decode())


def queue_letter(letter: Letter, *, lasts: timedelta) -> None:
    """Queue a letter of ours that carries a link, sealed as it is written now."""
    message = write(letter.template, letter.to, letter.context)
    queue_written(str(message.subject), str(message.body), letter.to, lasts=lasts)


def lifetime(context: Mapping[str, Any]) -> timedelta | None:
    """How long a mail is of use: as the code or the link that it carries; else for ever."""
    if "code" in context:
        return timedelta(seconds=app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT)
    if "password_reset_url" in context:
        return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return None


def unseal(sealed: str) -> EmailMultiAlternatives | None:
    """The mail to send; none when it is too late, or when no secret of ours opens it."""
    try:
        words = json.loads(seal_of(PURPOSE).decrypt(sealed))
    except InvalidToken:
        return None
    if words["until"] and datetime.fromisoformat(words["until"]) < timezone.now():
        return None
    return mail(words["subject"], words["text"], words["to"])
