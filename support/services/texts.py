"""What changes the words of the site: each version kept, each announcement dated."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.locks import Lock
from journal.services import record
from support.models import Announcement, TextVersion
from support.texts.announcing import announcements_shown
from support.texts.known import known_text


class TextError(Exception):
    """The text cannot be that. The message is written for the person, in French."""


@transaction.atomic
def write_text(*, by: User, slug: str, body: str, seen: int | None) -> TextVersion:
    """Change a text; blank: the words of the software again. ``seen``: the version that was read.

    Two people at once: the second is told, and loses nothing of what they typed.
    """
    known = known_text(slug)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.TEXTS])
    last = TextVersion.objects.filter(slug=slug).first()
    if (last.pk if last else None) != seen:
        raise TextError(
            "Ce texte a changé pendant que vous écriviez\u00a0: relisez la version en vigueur, "
            "puis enregistrez de nouveau."
        )
    body = body.replace("\r\n", "\n").strip()
    if body == (last.body if last else ""):
        raise TextError("Le texte est déjà celui-là.")
    version: TextVersion = TextVersion.objects.create(slug=slug, body=body, by=by)
    record("text.changed", by=by, target=known.label, before=last.body if last else "", after=body)
    return version


@transaction.atomic
def announce(
    *, by: User, text: str, level: str, audience: str, starts_at: datetime, ends_at: datetime
) -> Announcement:
    """Show a sentence above every page between two moments."""
    if ends_at <= starts_at:
        raise TextError("L’annonce finit avant de commencer.")
    if ends_at <= timezone.now():
        raise TextError("L’annonce serait déjà terminée.")
    row: Announcement = Announcement.objects.create(
        text=text, level=level, audience=audience, starts_at=starts_at, ends_at=ends_at, by=by
    )
    announcements_shown.forget()
    record(
        "announcement.set",
        by=by,
        target=text,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    return row


@transaction.atomic
def withdraw(*, by: User, number: int) -> Announcement:
    """Take an announcement away before its end."""
    row: Announcement | None = (
        Announcement.objects.not_over().select_for_update().filter(pk=number).first()
    )
    if row is None:
        raise TextError("Cette annonce est terminée, ou quelqu’un l’a déjà retirée.")
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    announcements_shown.forget()
    record("announcement.ended", by=by, target=row.text)
    return row
