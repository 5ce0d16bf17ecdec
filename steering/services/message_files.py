"""The files of a draft: joined, taken off; those of a message sent never change."""

from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.models import User
from common.tabular.table import MEGABYTE
from establishments.perimeter import Action
from journal.services import record
from steering.messages.files import HEAVIEST, MOST_FILES, Checked
from steering.models import Message, MessageFile
from steering.services.message_rules import MessageError
from steering.services.messages import NOT_YOURS


@transaction.atomic
def join_files(*, by: User, message: Message, files: Sequence[Checked]) -> int:
    """Join checked files to a draft; one that it has already is left. Journaled."""
    locked = _draft(by, message)
    known = dict(locked.files.values_list("digest", "size"))
    new = list({one.digest: one for one in files if one.digest not in known}.values())
    if len(known) + len(new) > MOST_FILES:
        raise MessageError(f"Un message porte {MOST_FILES} fichiers au plus.")
    if sum(known.values()) + sum(len(one.content) for one in new) > HEAVIEST:
        raise MessageError(
            f"Les fichiers d’un message pèsent {HEAVIEST // MEGABYTE}\u00a0Mo au plus, ensemble."
        )
    for one in new:
        MessageFile.objects.create(
            message=locked,
            name=one.name,
            kind=one.kind,
            content=one.content,
            size=len(one.content),
            digest=one.digest,
            by=by,
        )
    if new:
        _grow(locked)
        record("steering.message_joined", by=by, target=locked, files=[one.name for one in new])
    return len(new)


@transaction.atomic
def take_off_files(*, by: User, message: Message, numbers: Collection[int]) -> int:
    """Take files off a draft. Journaled."""
    locked = _draft(by, message)
    found = locked.files.filter(pk__in=numbers)
    names = list(found.values_list("name", flat=True))
    if names:
        found.delete()
        _grow(locked)
        record("steering.message_unjoined", by=by, target=locked, files=names)
    return len(names)


def _draft(by: User, message: Message) -> Message:
    rows = Message.objects.for_user(by, to=Action.MSG_SEND).filter(pk=message.pk)
    found: Message | None = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise MessageError(NOT_YOURS)
    if not found.is_draft:
        raise MessageError("Ce message est envoyé\u00a0: ses fichiers ne changent plus.")
    return found


def _grow(message: Message) -> None:
    """Who reads the draft elsewhere learns that it changed."""
    message.version += 1
    message.save(update_fields=["version", "changed_at"])
