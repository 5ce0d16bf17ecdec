"""The demonstration's letter box: the mails that it wrote in a folder, on a page."""

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from establishments.access import public

SHOWN = 30
SEPARATOR = "\n" + "-" * 79 + "\n"  # written by Django between the mails of one file


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, its text only: nothing in it is ever interpreted."""

    sent_at: datetime | None
    recipient: str
    subject: str
    text: str


@public
def mail_list(request):
    """The newest first; « pour » keeps those of one address."""
    if not settings.DEMO:
        raise Http404
    recipient = request.GET.get("pour", "").strip()
    mails = [mail for mail in read_mails(settings.EMAIL_FOLDER) if recipient in mail.recipient]
    context = {"mails": mails[:SHOWN], "recipient": recipient}
    return render(request, "accounts/mails.html", context)


def read_mails(folder: Path) -> list[Mail]:
    """The mails of Django's file backend: file names begin with their time."""
    files = sorted(folder.glob("*.log"), reverse=True)[: 10 * SHOWN]
    return [mail for file in files for mail in reversed(_mails_of(file))]


def _mails_of(file: Path) -> list[Mail]:
    parts = file.read_text(encoding="utf-8", errors="replace").split(SEPARATOR)
    return [_read(part) for part in parts if part.strip()]


def _read(source: str) -> Mail:
    message = email.message_from_bytes(source.encode(), policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    date = message["date"]
    return Mail(
        sent_at=_aware(date.datetime) if date else None,
        recipient=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        text=body.get_content() if body else "",
    )


def _aware(sent_at: datetime) -> datetime:
    """A date without zone (« -0000 », as Django writes it) is in UTC; the page shows Paris time."""
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
