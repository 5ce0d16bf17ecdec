"""A person who only reads, until a day; they are told why. Locks: their row."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.grants import letters_held
from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from support.forum.letters import tell_restricted
from support.models import ForumReader
from support.services.forum.errors import ForumError
from support.services.forum.rules import check_moderator, clean_reason

LONGEST = timedelta(days=366)


@transaction.atomic
def restrict(*, by: User, person: User, until: date, reason: str) -> ForumReader:
    """Read-only until that day included; another day replaces it."""
    check_moderator(by)
    today = timezone.localdate()
    if person.pk == by.pk or _moderates(person):
        raise ForumError("On ne met pas en lecture seule une personne qui modère.")
    if not today <= until <= today + LONGEST:
        raise ForumError("Choisissez un jour à venir, dans l’année.")
    kept = clean_reason(reason, "pourquoi cette personne ne peut plus écrire")
    reader = _locked(person)
    reader.restricted_until, reader.restricted_by = until, by
    reader.restricted_reason = kept
    reader.save()
    tell_restricted(reader)
    record(
        "support.writer_restricted",
        by=by,
        target=person,
        until=until.isoformat(),
        reason=kept,
    )
    return reader


@transaction.atomic
def free(*, by: User, person: User) -> ForumReader:
    """Let them write again, before the day."""
    check_moderator(by)
    reader = _locked(person)
    if reader.restricted_until is not None:
        reader.restricted_until = reader.restricted_by = None
        reader.restricted_reason = ""
        reader.save()
        record("support.writer_freed", by=by, target=person)
    return reader


def _moderates(person: User) -> bool:
    """By any of their profiles, whichever they use now."""
    return any(
        letters_held(one, Action.FORUM_MODERATE, person.held.today)
        for one in person.usable_profiles
    )


def _locked(person: User) -> ForumReader:
    ForumReader.objects.get_or_create(user=person)
    rows = ForumReader.objects.select_for_update(of=("self",), no_key=True)
    reader: ForumReader = rows.select_related("user").get(pk=person.pk)
    return reader
