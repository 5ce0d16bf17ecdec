"""What a person follows, how they are told of it, and what they have read.

Nothing of it concerns anybody else: the journal keeps none of these acts.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from support.models import ForumFollow, ForumRead, ForumReader, ForumTheme, ForumTopic
from support.services.forum.errors import ForumError


@transaction.atomic
def follow(*, by: User, what: ForumTopic | ForumTheme) -> None:
    ForumReader.objects.get_or_create(user=by)
    ForumFollow.objects.get_or_create(user=by, **_named(what))


@transaction.atomic
def unfollow(*, by: User, what: ForumTopic | ForumTheme) -> None:
    ForumFollow.objects.filter(user=by, **_named(what)).delete()


@transaction.atomic
def set_pace(*, by: User, pace: str) -> None:
    """When mails leave; a daily one tells what comes from now on."""
    if pace not in ForumReader.Pace.values:
        raise ForumError("Choisissez quand vous voulez être prévenu.")
    reader, _ = ForumReader.objects.get_or_create(user=by)
    if reader.pace != pace:
        reader.pace, reader.digest_at = pace, timezone.now()
        reader.save(update_fields=["pace", "digest_at"])


@transaction.atomic
def mark_read(*, by: User, topic: ForumTopic, until: datetime | None = None) -> None:
    """Read until now, or until the last post known to the page; what was read stays so."""
    ForumReader.objects.get_or_create(user=by)
    now = timezone.now()
    moment = min(until, now) if until else now
    row, is_new = ForumRead.objects.get_or_create(
        user=by, topic=topic, defaults={"read_at": moment}
    )
    if not is_new:
        ForumRead.objects.filter(pk=row.pk, read_at__lt=moment).update(read_at=moment)


@transaction.atomic
def mark_all_read(*, by: User) -> None:
    reader, _ = ForumReader.objects.get_or_create(user=by)
    reader.all_read_at = timezone.now()
    reader.save(update_fields=["all_read_at"])
    ForumRead.objects.filter(user=by).delete()


def _named(what: ForumTopic | ForumTheme) -> dict[str, Any]:
    return {"topic" if isinstance(what, ForumTopic) else "theme": what}
