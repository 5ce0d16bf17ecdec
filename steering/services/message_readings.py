"""Who opened a message, who takes it into account, who is reminded.

A receipt is technical: the page that shows the message writes it, once, without the journal.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Profile, User
from establishments.perimeter import Action
from journal.services import record
from steering.messages.audience import addressed_to
from steering.models import Message, Reading
from steering.services.message_mails import not_written_to, remind
from steering.services.message_rules import MessageError

OVER = "Ce message n’est plus en vigueur\u00a0: il n’y a personne à relancer."


def note_reading(*, by: User, message: Message, profiles: Collection[Profile]) -> None:
    """The message was opened: once for each profile it reaches, whatever is opened again."""
    known = set(
        Reading.objects.filter(message=message, profile__in=profiles).values_list(
            "profile", flat=True
        )
    )
    rows = [
        Reading(message=message, profile=one)
        for one in profiles
        if one.pk not in known and one.user_id == by.pk
    ]
    if rows:
        Reading.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def acknowledge(*, by: User, message: Message) -> bool:
    """Say, under the profile in use, that one takes it into account; once. Journaled."""
    profile = by.active_profile
    found = Message.objects.filter(addressed_to([profile] if profile else []), pk=message.pk)
    if profile is None or not found.exists():
        raise MessageError("Ce message ne s’adresse pas au profil que vous utilisez.")
    if not (message.is_for_action and message.is_in_force):
        raise MessageError("Ce message ne demande plus d’action.")
    Reading.objects.get_or_create(message=message, profile=profile)
    first = Reading.objects.filter(
        message=message, profile=profile, acknowledged_at__isnull=True
    ).update(acknowledged_at=timezone.now())
    if first:
        place = None if profile.body_id else profile.entity
        record("steering.message_acknowledged", by=by, target=message, place=place)
    return bool(first)


@transaction.atomic
def remind_late(*, by: User, message: Message, profiles: QuerySet[Profile]) -> int:
    """Write again to these people, once a day at most; say to how many. Journaled."""
    if not by.may(Action.REMIND_SEND):
        raise MessageError("Le profil que vous utilisez ne relance pas.")
    locked = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not locked.is_in_force:
        raise MessageError(OVER)
    today = timezone.localdate()
    count = remind(locked, not_written_to(locked, profiles, today), today)
    if not count:
        raise MessageError(
            "Personne n’est à relancer\u00a0: tous ont répondu, ou ont déjà reçu un courriel "
            "aujourd’hui."
        )
    record("steering.message_reminded", by=by, target=locked, recipients=count)
    return count
