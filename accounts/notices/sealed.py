"""Mails that are written at once, with a code or a link inside: sealed while they wait.

The queue is kept with the database, its backups too: nobody opens an account with what they read
there. Without the secret of the deployment the seal does not open.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from accounts.notices.letters.letter import Letter
from accounts.notices.mails import mail, write

SEND = "accounts.tasks.send_sealed"


def queue_written(subject: str, text: str, to: str, *, lasts: timedelta | None = None) -> None:
    """Queue a mail as it is written; once ``lasts`` is over it is of no use and does not leave."""
    until = (timezone.now() + lasts).isoformat() if lasts else None
    words = json.dumps({"subject": subject, "text": text, "to": to, "until": until})
    app.configure_task(SEND).defer(sealed=_seal().encrypt(words.encode()).decode())


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
    """The mail to send; none when it is too late, or when the secret of the deployment changed."""
    try:
        words = json.loads(_seal().decrypt(sealed))
    except InvalidToken:
        return None
    if words["until"] and datetime.fromisoformat(words["until"]) < timezone.now():
        return None
    return mail(words["subject"], words["text"], words["to"])


def _seal() -> Fernet:
    secret = salted_hmac("accounts.notices.sealed", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(secret))
